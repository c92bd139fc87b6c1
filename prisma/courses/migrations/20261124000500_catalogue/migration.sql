CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Every word that a course ever had: what a mistyped one may have meant.
CREATE TABLE "catalogue_word" (
    "word" TEXT NOT NULL,

    CONSTRAINT "catalogue_word_pkey" PRIMARY KEY ("word")
);
CREATE INDEX "catalogue_word_similar_idx" ON "catalogue_word" USING gist ("word" gist_trgm_ops);

ALTER TABLE "course" ADD COLUMN "headline" tsvector;

-- Lists and facets read many rows and few columns: long texts stand elsewhere, so that a page of the table holds many rows.
-- Searching reads `document` only through its index, or of a few hundred rows, and then uncompressed.
ALTER TABLE "course" SET (toast_tuple_target = 512);
ALTER TABLE "course" ALTER COLUMN "document" SET STORAGE EXTERNAL;

-- The stem of an English word; null for a word that every text has ("the"); any other word as it is.
CREATE FUNCTION catalogue_stem(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (ts_lexize('pg_catalog.english_stem'::regdictionary, word))[1];

-- Words in their order and, at the same place, their stems.
CREATE FUNCTION catalogue_vector(words text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT coalesce(string_agg(array_to_tsvector(ARRAY[lexeme])::text || ':' || place, ' '), '')::tsvector
  FROM unnest(words) WITH ORDINALITY AS words(word, place),
    LATERAL (SELECT word UNION SELECT catalogue_stem(word)) AS forms(lexeme)
  WHERE lexeme IS NOT NULL
);

-- Words and their stems, each once, without places.
CREATE FUNCTION catalogue_lexemes(words text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT array_to_tsvector(coalesce(array_agg(lexeme), '{}'))
  FROM (SELECT unnest(words) UNION SELECT catalogue_stem(word) FROM unnest(words) AS words(word)) AS forms(lexeme)
  WHERE lexeme IS NOT NULL
);

-- What of the words to look for: those that every text has only when there are no others.
CREATE FUNCTION catalogue_sought(words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce((SELECT array_agg(word) FROM unnest(words) AS words(word) WHERE catalogue_stem(word) IS NOT NULL), words);

-- A word as texts may begin with it, but for one or two plain letters: every text has a word that begins so, and "ai" would find
-- "aim". In other scripts two letters say more, and take more than two bytes. array_to_tsvector quotes whatever a word may hold.
CREATE FUNCTION catalogue_beginning(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(ARRAY[word])::text || CASE WHEN octet_length(word) > 2 THEN ':*' ELSE '' END;

CREATE FUNCTION catalogue_whole(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(ARRAY[coalesce(catalogue_stem(word), word)])::text;

-- Finds texts that have each of the words: its beginning or its stem.
CREATE FUNCTION catalogue_query(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT string_agg(format('(%s | %s)', catalogue_beginning(word), catalogue_whole(word)), ' & ')::tsquery
  FROM unnest(catalogue_sought(words)) AS sought(word)
);

-- For ranking: texts that have any of the words, from its beginning or whole.
CREATE FUNCTION catalogue_beginnings(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT string_agg(catalogue_beginning(word), ' | ')::tsquery FROM unnest(catalogue_sought(words)) AS sought(word));

CREATE FUNCTION catalogue_wholes(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT string_agg(catalogue_whole(word), ' | ')::tsquery FROM unnest(catalogue_sought(words)) AS sought(word));

-- Whether a course is found, and what is found in its title and tags alone. Written at once: what waits in a pending list is
-- read from front to back by every search.
CREATE INDEX "course_document_idx" ON "course" USING gin ("document") WITH (fastupdate = off) WHERE "status" = 'PUBLISHED';
CREATE INDEX "course_headline_idx" ON "course" USING gin ("headline") WITH (fastupdate = off) WHERE "status" = 'PUBLISHED';

-- One for each order of the catalogue.
CREATE INDEX "course_newest_idx" ON "course" ("published_at" DESC, "id" DESC) WHERE "status" = 'PUBLISHED';
CREATE INDEX "course_rating_idx" ON "course" ((coalesce("rating", -1)) DESC, "id" DESC) WHERE "status" = 'PUBLISHED';
CREATE INDEX "course_popularity_idx" ON "course" ("learner_count" DESC, "id" DESC) WHERE "status" = 'PUBLISHED';
CREATE INDEX "course_price_idx" ON "course" ("price_amount", "id") WHERE "status" = 'PUBLISHED';
