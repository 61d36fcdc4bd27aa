INSERT INTO items SELECT n, n FROM generate_series(1, 20) n; INSERT INTO orders SELECT n, n FROM generate_series(1, 20) n;
