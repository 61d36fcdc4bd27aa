INSERT INTO events (region, part, price, code) SELECT (ARRAY['eu', 'us'])[n % 2 + 1], 'a', n / 4.0, 'code ' || n FROM generate_series(1, 60) n;
