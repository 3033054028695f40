-- Text anywhere in what an action says of itself, or in its target; three letters are enough for the index to help.
CREATE INDEX audit_log_contains ON audit_log USING gin ((target_id || ' ' || detail::text) gin_trgm_ops);
