INSERT INTO "Weird schema"."we""ird; DROP TABLE x; $$ ü 
 row" SELECT n, 'x' || n FROM generate_series(1, 20) n;
