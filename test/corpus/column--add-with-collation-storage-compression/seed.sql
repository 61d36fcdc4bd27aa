INSERT INTO items (id) SELECT n FROM generate_series(1, 50) n;
