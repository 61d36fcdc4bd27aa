INSERT INTO items SELECT n, 'k' || n % 3, n % 5, 'T' || n FROM generate_series(1, 200) n;
