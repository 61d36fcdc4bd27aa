INSERT INTO other.away VALUES (1);
