INSERT INTO items SELECT n, 'a', n FROM generate_series(1, 10) n;
