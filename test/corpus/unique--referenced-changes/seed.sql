INSERT INTO items SELECT n, 'name ' || n, n FROM generate_series(1, 50) n;
INSERT INTO orders SELECT n, 'name ' || n FROM generate_series(1, 20) n;
