INSERT INTO items (id, name) SELECT n, 'a' FROM generate_series(1, 30) n;
