INSERT INTO items SELECT n, CASE WHEN n % 2 = 0 THEN 'eu' ELSE 'us' END, 'x' FROM generate_series(1, 40) n;
