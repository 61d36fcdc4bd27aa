INSERT INTO items SELECT n, price_range(n, n + 1) FROM generate_series(1, 10) n;
