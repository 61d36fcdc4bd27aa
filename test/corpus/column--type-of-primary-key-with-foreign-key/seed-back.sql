INSERT INTO items (id, name) SELECT n, 'a' FROM generate_series(1, 50) n;
INSERT INTO orders SELECT n, n FROM generate_series(1, 20) n;
