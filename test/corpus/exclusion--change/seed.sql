INSERT INTO bookings SELECT n, int4range(n, n + 1), tstzrange('2026-01-01', '2026-01-02') FROM generate_series(1, 20) n;
