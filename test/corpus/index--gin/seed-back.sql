INSERT INTO items SELECT n, ARRAY['a'], '{}' FROM generate_series(1, 20) n;
