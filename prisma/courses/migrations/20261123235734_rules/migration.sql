-- One category and one tag per name, in whatever case it is written.
DROP INDEX "category_name_key";
DROP INDEX "tag_name_key";
CREATE UNIQUE INDEX "category_name_key" ON "category" (lower("name"));
CREATE UNIQUE INDEX "tag_name_key" ON "tag" (lower("name"));

-- No two live modules of a course, or lessons of a module, in one place. Deferred, so that a statement may move many.
ALTER TABLE "module" ADD CONSTRAINT "module_live_position_excl"
  EXCLUDE USING btree ("course_id" WITH =, "position" WITH =) WHERE ("archived_at" IS NULL) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "lesson" ADD CONSTRAINT "lesson_live_position_excl"
  EXCLUDE USING btree ("module_id" WITH =, "position" WITH =) WHERE ("archived_at" IS NULL) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE "course"
  ADD CONSTRAINT "course_price_check" CHECK ("price_amount" BETWEEN 0 AND 100000000 AND "price_currency" ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "course_access_days_check" CHECK ("access_days" BETWEEN 1 AND 3650),
  ADD CONSTRAINT "course_duration_check" CHECK ("duration_seconds" >= 0),
  ADD CONSTRAINT "course_learner_count_check" CHECK ("learner_count" >= 0),
  ADD CONSTRAINT "course_version_check" CHECK ("version" >= 1 AND "published_version" >= 0),
  -- A draft is what was never published.
  ADD CONSTRAINT "course_draft_check" CHECK (("status" = 'DRAFT') = ("published_version" = 0) AND ("status" = 'DRAFT') = ("published_at" IS NULL)),
  ADD CONSTRAINT "course_rating_check" CHECK (
    "rating_count" >= 0 AND "rating_sum" BETWEEN "rating_count" AND 5 * "rating_count" AND ("rating" IS NULL) = ("rating_count" = 0)
  );

ALTER TABLE "module" ADD CONSTRAINT "module_position_check" CHECK ("position" >= 1);

ALTER TABLE "lesson"
  ADD CONSTRAINT "lesson_position_check" CHECK ("position" >= 1),
  ADD CONSTRAINT "lesson_duration_check" CHECK ("duration_seconds" BETWEEN 0 AND 86400);

ALTER TABLE "review" ADD CONSTRAINT "review_stars_check" CHECK ("stars" BETWEEN 1 AND 5);
