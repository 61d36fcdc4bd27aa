INSERT INTO readers SELECT n FROM generate_series(1, 20) n;
INSERT INTO letters (region, reader, title) SELECT (ARRAY['eu', 'us'])[n % 2 + 1], nullif(n, 7), 'about ' || n FROM generate_series(1, 20) n;
