INSERT INTO "Weird schema"."we""ird; DROP TABLE x; $$ ü 
 row" SELECT n, 'x' || n, 'y', 1 FROM generate_series(1, 20) n;
