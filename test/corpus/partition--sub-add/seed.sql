INSERT INTO items SELECT n, 'us', 'x' FROM generate_series(1, 40) n;
