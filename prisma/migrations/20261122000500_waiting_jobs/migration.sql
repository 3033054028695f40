-- What a postponed job waits for, such as `van:SBX1`, so that it is done as soon as that is back.
ALTER TABLE outbox_message ADD COLUMN waits_for TEXT;
CREATE INDEX outbox_message_waits_for ON outbox_message (waits_for) WHERE waits_for IS NOT NULL;
