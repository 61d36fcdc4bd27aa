INSERT INTO items SELECT n, 'k', n FROM generate_series(1, 20) n;
