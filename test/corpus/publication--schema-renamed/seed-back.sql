INSERT INTO another.away VALUES (1);
