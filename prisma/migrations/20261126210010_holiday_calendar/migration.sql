-- CreateTable
CREATE TABLE "holiday_calendar" (
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "based_on" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "activated_at" TIMESTAMPTZ(3),
    "activated_by" TEXT,

    CONSTRAINT "holiday_calendar_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "holiday" (
    "version" INTEGER NOT NULL,
    "date" DATE NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,

    CONSTRAINT "holiday_pkey" PRIMARY KEY ("version","date")
);

-- AddForeignKey
ALTER TABLE "holiday" ADD CONSTRAINT "holiday_version_fkey" FOREIGN KEY ("version") REFERENCES "holiday_calendar"("version") ON DELETE CASCADE ON UPDATE CASCADE;

-- A version is written as a draft, becomes the active one, and is replaced by the next; what was active is never changed.
ALTER TABLE "holiday_calendar"
  ADD CONSTRAINT "holiday_calendar_status" CHECK ("status" IN ('DRAFT', 'ACTIVE', 'RETIRED')),
  ADD CONSTRAINT "holiday_calendar_activated" CHECK (("status" = 'DRAFT') = ("activated_at" IS NULL) AND ("activated_at" IS NULL) = ("activated_by" IS NULL));
CREATE UNIQUE INDEX "holiday_calendar_one_active" ON "holiday_calendar" ((true)) WHERE "status" = 'ACTIVE';
ALTER TABLE "holiday" ADD CONSTRAINT "holiday_kind" CHECK ("kind" IN ('PUBLIC', 'SUBSTITUTE', 'TEMPORARY', 'ELECTION', 'BANK'));

CREATE FUNCTION holiday_calendar_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'DRAFT' THEN
      RAISE EXCEPTION 'calendar version % was in force', OLD.version USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('DRAFT', 'ACTIVE'), ('ACTIVE', 'RETIRED')) THEN
    RAISE EXCEPTION 'calendar version % may not move from % to %', OLD.version, OLD.status, NEW.status USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER holiday_calendar_guard BEFORE UPDATE OR DELETE ON "holiday_calendar" FOR EACH ROW EXECUTE FUNCTION holiday_calendar_guard();

-- A draft that is being activated holds its row, so a day cannot be changed behind its back.
CREATE FUNCTION holiday_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM holiday_calendar WHERE version = coalesce(NEW.version, OLD.version) AND status <> 'DRAFT') THEN
    RAISE EXCEPTION 'calendar version % was in force', coalesce(NEW.version, OLD.version) USING ERRCODE = '23514';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER holiday_guard BEFORE INSERT OR UPDATE OR DELETE ON "holiday" FOR EACH ROW EXECUTE FUNCTION holiday_guard();

-- The first version: 관공서의 공휴일에 관한 규정, 2024–2028, and 5/1. A test compares it with the list in the code.
INSERT INTO "holiday_calendar" ("version", "status", "note", "created_by") VALUES (1, 'DRAFT', '2024–2028년 공휴일', 'system');
INSERT INTO "holiday" ("version", "date", "name", "kind") VALUES
  (1, '2024-01-01', '신정', 'PUBLIC'),
  (1, '2024-02-09', '설날', 'PUBLIC'),
  (1, '2024-02-10', '설날', 'PUBLIC'),
  (1, '2024-02-11', '설날', 'PUBLIC'),
  (1, '2024-02-12', '대체공휴일 (설날)', 'SUBSTITUTE'),
  (1, '2024-03-01', '삼일절', 'PUBLIC'),
  (1, '2024-04-10', '국회의원 선거일', 'ELECTION'),
  (1, '2024-05-01', '근로자의 날', 'BANK'),
  (1, '2024-05-05', '어린이날', 'PUBLIC'),
  (1, '2024-05-06', '대체공휴일 (어린이날)', 'SUBSTITUTE'),
  (1, '2024-05-15', '부처님오신날', 'PUBLIC'),
  (1, '2024-06-06', '현충일', 'PUBLIC'),
  (1, '2024-08-15', '광복절', 'PUBLIC'),
  (1, '2024-09-16', '추석', 'PUBLIC'),
  (1, '2024-09-17', '추석', 'PUBLIC'),
  (1, '2024-09-18', '추석', 'PUBLIC'),
  (1, '2024-10-01', '임시공휴일 (국군의 날)', 'TEMPORARY'),
  (1, '2024-10-03', '개천절', 'PUBLIC'),
  (1, '2024-10-09', '한글날', 'PUBLIC'),
  (1, '2024-12-25', '기독탄신일', 'PUBLIC'),
  (1, '2025-01-01', '신정', 'PUBLIC'),
  (1, '2025-01-27', '임시공휴일', 'TEMPORARY'),
  (1, '2025-01-28', '설날', 'PUBLIC'),
  (1, '2025-01-29', '설날', 'PUBLIC'),
  (1, '2025-01-30', '설날', 'PUBLIC'),
  (1, '2025-03-01', '삼일절', 'PUBLIC'),
  (1, '2025-03-03', '대체공휴일 (삼일절)', 'SUBSTITUTE'),
  (1, '2025-05-01', '근로자의 날', 'BANK'),
  (1, '2025-05-05', '어린이날', 'PUBLIC'),
  (1, '2025-05-06', '대체공휴일 (어린이날)', 'SUBSTITUTE'),
  (1, '2025-06-03', '대통령 선거일', 'ELECTION'),
  (1, '2025-06-06', '현충일', 'PUBLIC'),
  (1, '2025-08-15', '광복절', 'PUBLIC'),
  (1, '2025-10-03', '개천절', 'PUBLIC'),
  (1, '2025-10-05', '추석', 'PUBLIC'),
  (1, '2025-10-06', '추석', 'PUBLIC'),
  (1, '2025-10-07', '추석', 'PUBLIC'),
  (1, '2025-10-08', '대체공휴일 (추석)', 'SUBSTITUTE'),
  (1, '2025-10-09', '한글날', 'PUBLIC'),
  (1, '2025-12-25', '기독탄신일', 'PUBLIC'),
  (1, '2026-01-01', '신정', 'PUBLIC'),
  (1, '2026-02-16', '설날', 'PUBLIC'),
  (1, '2026-02-17', '설날', 'PUBLIC'),
  (1, '2026-02-18', '설날', 'PUBLIC'),
  (1, '2026-03-01', '삼일절', 'PUBLIC'),
  (1, '2026-03-02', '대체공휴일 (삼일절)', 'SUBSTITUTE'),
  (1, '2026-05-01', '근로자의 날', 'BANK'),
  (1, '2026-05-05', '어린이날', 'PUBLIC'),
  (1, '2026-05-24', '부처님오신날', 'PUBLIC'),
  (1, '2026-05-25', '대체공휴일 (부처님오신날)', 'SUBSTITUTE'),
  (1, '2026-06-03', '지방선거일', 'ELECTION'),
  (1, '2026-06-06', '현충일', 'PUBLIC'),
  (1, '2026-07-17', '제헌절', 'PUBLIC'),
  (1, '2026-08-15', '광복절', 'PUBLIC'),
  (1, '2026-08-17', '대체공휴일 (광복절)', 'SUBSTITUTE'),
  (1, '2026-09-24', '추석', 'PUBLIC'),
  (1, '2026-09-25', '추석', 'PUBLIC'),
  (1, '2026-09-26', '추석', 'PUBLIC'),
  (1, '2026-10-03', '개천절', 'PUBLIC'),
  (1, '2026-10-05', '대체공휴일 (개천절)', 'SUBSTITUTE'),
  (1, '2026-10-09', '한글날', 'PUBLIC'),
  (1, '2026-12-25', '기독탄신일', 'PUBLIC'),
  (1, '2027-01-01', '신정', 'PUBLIC'),
  (1, '2027-02-06', '설날', 'PUBLIC'),
  (1, '2027-02-07', '설날', 'PUBLIC'),
  (1, '2027-02-08', '설날', 'PUBLIC'),
  (1, '2027-02-09', '대체공휴일 (설날)', 'SUBSTITUTE'),
  (1, '2027-03-01', '삼일절', 'PUBLIC'),
  (1, '2027-05-01', '근로자의 날', 'BANK'),
  (1, '2027-05-05', '어린이날', 'PUBLIC'),
  (1, '2027-05-13', '부처님오신날', 'PUBLIC'),
  (1, '2027-06-06', '현충일', 'PUBLIC'),
  (1, '2027-07-17', '제헌절', 'PUBLIC'),
  (1, '2027-07-19', '대체공휴일 (제헌절)', 'SUBSTITUTE'),
  (1, '2027-08-15', '광복절', 'PUBLIC'),
  (1, '2027-08-16', '대체공휴일 (광복절)', 'SUBSTITUTE'),
  (1, '2027-09-14', '추석', 'PUBLIC'),
  (1, '2027-09-15', '추석', 'PUBLIC'),
  (1, '2027-09-16', '추석', 'PUBLIC'),
  (1, '2027-10-03', '개천절', 'PUBLIC'),
  (1, '2027-10-04', '대체공휴일 (개천절)', 'SUBSTITUTE'),
  (1, '2027-10-09', '한글날', 'PUBLIC'),
  (1, '2027-10-11', '대체공휴일 (한글날)', 'SUBSTITUTE'),
  (1, '2027-12-25', '기독탄신일', 'PUBLIC'),
  (1, '2027-12-27', '대체공휴일 (기독탄신일)', 'SUBSTITUTE'),
  (1, '2028-01-01', '신정', 'PUBLIC'),
  (1, '2028-01-26', '설날', 'PUBLIC'),
  (1, '2028-01-27', '설날', 'PUBLIC'),
  (1, '2028-01-28', '설날', 'PUBLIC'),
  (1, '2028-03-01', '삼일절', 'PUBLIC'),
  (1, '2028-04-12', '국회의원 선거일', 'ELECTION'),
  (1, '2028-05-01', '근로자의 날', 'BANK'),
  (1, '2028-05-02', '부처님오신날', 'PUBLIC'),
  (1, '2028-05-05', '어린이날', 'PUBLIC'),
  (1, '2028-06-06', '현충일', 'PUBLIC'),
  (1, '2028-07-17', '제헌절', 'PUBLIC'),
  (1, '2028-08-15', '광복절', 'PUBLIC'),
  (1, '2028-10-02', '추석', 'PUBLIC'),
  (1, '2028-10-03', '개천절', 'PUBLIC'),
  (1, '2028-10-04', '추석', 'PUBLIC'),
  (1, '2028-10-05', '대체공휴일 (추석)', 'SUBSTITUTE'),
  (1, '2028-10-09', '한글날', 'PUBLIC'),
  (1, '2028-12-25', '기독탄신일', 'PUBLIC'),
  (1, '2029-01-01', '신정', 'PUBLIC');
UPDATE "holiday_calendar" SET "status" = 'ACTIVE', "activated_at" = now(), "activated_by" = 'system' WHERE "version" = 1;
