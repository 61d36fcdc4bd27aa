INSERT INTO items SELECT n, n::text FROM generate_series(1, 50) n;
