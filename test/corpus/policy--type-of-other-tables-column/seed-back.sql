INSERT INTO other VALUES (1, 2), (2, 3);
INSERT INTO items SELECT n, 'name ' || n FROM generate_series(1, 50) n;
