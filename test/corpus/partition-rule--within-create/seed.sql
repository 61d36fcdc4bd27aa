INSERT INTO items SELECT n, 'a' FROM generate_series(1, 30) n;
