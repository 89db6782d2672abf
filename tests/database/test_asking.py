"""What is taken for a question, and that everything else is taken for a change."""

from __future__ import annotations

import pytest

from dhr_app.database.asking import asks

CHANGES = [
    "UPDATE review SET x=1",
    'update "review" set x=1',
    "update or ignore review set x=1",
    "update only public.review as r set x=1",
    "UPDATE /*+ hint */ review SET x=1",
    'UPDATE "public"."review" SET x=1',
    'UPDATE review AS "x" SET x=1',
    "UPDATE [review] SET x=1",
    "UPDATE `review` SET x=1",
    "INSERT /*x*/ INTO review VALUES (1)",
    "-- note\nINSERT INTO review VALUES (1)",
    "insert or replace into review values (1)",
    "replace into review values (1)",
    "DELETE /**/ FROM review",
    "MERGE INTO review USING t ON (true) WHEN MATCHED THEN DELETE",
    "WITH a AS (SELECT 1) DELETE FROM review",
    "WITH a AS (SELECT 1) UPDATE review SET x=1",
    "WITH a AS (SELECT 1) INSERT INTO review SELECT * FROM a",
    "WITH a AS (SELECT 1) REPLACE INTO review SELECT * FROM a",
    "WITH a AS (DELETE FROM review RETURNING id) SELECT * FROM a",
    "WITH a AS MATERIALIZED (UPDATE review SET x=1 RETURNING id) SELECT * FROM a",
    "SELECT * INTO copied FROM review",
    "SELECT 1; DELETE FROM review",
    "SELECT 1;; SELECT 2",
    "COPY review (x) FROM STDIN",
    "COPY review FROM PROGRAM 'cat'",
    "DO $$ BEGIN DELETE FROM review; END $$",
    "CALL f()",
    "EXECUTE prepared",
    "PREPARE p AS DELETE FROM review",
    "EXPLAIN ANALYZE DELETE FROM review",
    "EXPLAIN (ANALYZE) EXECUTE prepared",
    "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1",
    "TRUNCATE review",
    "CREATE TEMP TABLE t (x)",
    "alter table review add x",
    "drop table review",
    "VACUUM",
    "REINDEX",
    "ATTACH 'elsewhere' AS b",
    "LOCK TABLE review",
    "COMMIT",
    "END",
    "ROLLBACK",
    "BEGIN IMMEDIATE",
    "PREPARE TRANSACTION 'x'",
    "SET session_replication_role = replica",
    "SET TRANSACTION READ WRITE",
    "RESET ALL",
    "PRAGMA query_only=OFF",
    "PRAGMA query_only(0)",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA optimize",
    "PRAGMA writable_schema=ON",
    "SAVEPOINT mine",
    "RELEASE mine",
]

# Where the engines, or psycopg and we, could read another text than the one that is meant.
UNCLEAR = [
    "SELECT /* /* */ DELETE FROM review -- */ */",
    "SELECT 1 -- hidden\rINTO t",
    "SELECT 1 -- it's\r; DELETE FROM review --'",
    r"SELECT E'\' ; DELETE FROM review --'",
    "SELECT $$'$$; DELETE FROM review --'",
    "SELECT %(a')s; DELETE FROM review --'",
    "SELECT [a'] ; DELETE FROM review --']",
    "SELECT 1 AS [/*] ; DELETE FROM review --*/",
    "SELECT `'` ; DELETE FROM review --'",
    "SELECT 1 /* DELETE FROM review",
    "SELECT 'never ended",
    "SELECT 1\0; DELETE FROM review",
]

QUESTIONS = [
    ";",
    "SELECT review.id FROM review WHERE id = ? FOR UPDATE",
    "SELECT id FROM review FOR UPDATE OF review SKIP LOCKED",
    "SELECT id FROM review FOR NO KEY UPDATE",
    "SELECT updated_at, deleted, inserted FROM review",
    "SELECT replace(note, 'a', 'b') FROM review",
    "SELECT 'DELETE FROM review; it''s INTO', \"insert\" FROM review;",
    "/* DELETE FROM review */ SELECT 1 -- INSERT INTO review",
    "(SELECT 1) UNION ((SELECT 2))",
    "VALUES (1), (2)",
    "WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT 2) SELECT * FROM a",
    "select x from review where id = %(delete)s::UUID and y = ANY (ARRAY[%(param_1)s, %(param_2)s])",
    "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))",
    "EXPLAIN QUERY PLAN SELECT 1",
    "EXPLAIN (ANALYZE, BUFFERS) SELECT 1",
    "SHOW transaction_read_only",
    'PRAGMA main.table_info("alembic_version")',
    "pragma journal_mode",
    "BEGIN",
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SAVEPOINT sa_savepoint_1",
    "ROLLBACK TO SAVEPOINT sa_savepoint_12",
    "RELEASE SAVEPOINT sa_savepoint_1",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_a_change_is_no_question(statement):
    assert not asks(statement)


@pytest.mark.parametrize("statement", UNCLEAR)
def test_what_could_be_read_in_two_ways_is_no_question(statement):
    assert not asks(statement)


@pytest.mark.parametrize("statement", QUESTIONS)
def test_a_question_is_one(statement):
    assert asks(statement)
