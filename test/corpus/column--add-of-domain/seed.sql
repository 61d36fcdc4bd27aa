INSERT INTO items SELECT n FROM generate_series(1, 30) n;
