-- A previewed run whose start waits for a second person is frozen: it is neither started nor thrown away by hand.
ALTER TABLE work_run
  DROP CONSTRAINT work_run_status,
  ADD CONSTRAINT work_run_status CHECK (status IN ('PREVIEWING', 'READY', 'AWAITING', 'RUNNING', 'PAUSED', 'FINISHED', 'STOPPED', 'DISCARDED'));
