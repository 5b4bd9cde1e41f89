BEGIN TRANSACTION;
CREATE TABLE app_state (
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "app_state" VALUES('active_profile_id','p_2b41f9bf1673');
INSERT INTO "app_state" VALUES('active_query_id','q_90c70024db0c');
INSERT INTO "app_state" VALUES('last_revision','11');
CREATE TABLE forecasts (
        query_no INTEGER NOT NULL REFERENCES queries (no) ON DELETE CASCADE,
        as_of TEXT NOT NULL CHECK (as_of GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        unit TEXT NOT NULL,
        method TEXT NOT NULL,
        made_at TEXT NOT NULL CHECK (made_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        remaining REAL NOT NULL,
        weeks TEXT NOT NULL,
        window INTEGER NOT NULL,
        trials INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        deadline TEXT CHECK (deadline GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        chance REAL,
        PRIMARY KEY (query_no, as_of, unit, method)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "forecasts" VALUES(1,'2026-03-30','items','calibrated','2026-03-30T12:00:00Z',12.0,'{"50":5,"70":6,"85":7,"95":9}',12,10000,2094913464,NULL,NULL);
CREATE TABLE issue_changes (
        issue_no INTEGER NOT NULL REFERENCES issues (no) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        field TEXT NOT NULL,
        from_value TEXT,
        to_value TEXT, author TEXT,
        PRIMARY KEY (issue_no, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "issue_changes" VALUES(7,0,'2025-11-22T15:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(7,1,'2025-12-05T10:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(7,2,'2025-12-16T13:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(8,0,'2025-09-23T19:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(8,1,'2025-10-07T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(8,2,'2025-10-09T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(9,0,'2026-01-26T22:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(9,1,'2026-02-08T17:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(9,2,'2026-02-09T20:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(10,0,'2025-10-16T17:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(10,1,'2025-10-27T20:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(11,0,'2026-01-26T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(11,1,'2026-02-03T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(12,0,'2025-11-27T20:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(12,1,'2025-12-07T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(12,2,'2025-12-17T18:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(13,0,'2026-03-09T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(13,1,'2026-03-19T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(14,0,'2025-09-18T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(14,1,'2025-09-21T18:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(15,0,'2026-01-12T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(15,1,'2026-01-20T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(16,0,'2026-02-22T19:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(16,1,'2026-03-02T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(16,2,'2026-03-05T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(17,0,'2025-09-16T10:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(17,1,'2025-09-25T13:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(18,0,'2026-01-22T19:00:00Z','points','8','5',NULL);
INSERT INTO "issue_changes" VALUES(18,1,'2026-02-04T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(18,2,'2026-02-11T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(19,0,'2025-09-29T18:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(19,1,'2025-10-19T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(19,2,'2025-10-20T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(20,0,'2025-11-06T17:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(20,1,'2025-11-09T20:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(21,0,'2026-01-05T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(21,1,'2026-01-08T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(22,0,'2026-01-19T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(22,1,'2026-01-31T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(22,2,'2026-02-02T16:00:00Z','status','Done','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(22,3,'2026-02-06T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(23,0,'2025-12-19T11:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(23,1,'2025-12-28T14:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(24,0,'2026-03-09T17:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(24,1,'2026-03-17T20:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(25,0,'2025-12-12T11:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(25,1,'2025-12-22T14:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(26,0,'2025-10-22T20:00:00Z','points','8','3',NULL);
INSERT INTO "issue_changes" VALUES(27,0,'2026-03-10T14:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(27,1,'2026-03-16T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(27,2,'2026-03-19T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(28,0,'2026-02-16T18:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(28,1,'2026-02-21T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(28,2,'2026-03-02T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(29,0,'2025-11-03T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(29,1,'2025-11-07T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(30,0,'2025-10-01T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(30,1,'2025-10-12T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(31,0,'2026-02-08T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(31,1,'2026-02-11T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(32,0,'2026-01-22T13:00:00Z','points','8','3',NULL);
INSERT INTO "issue_changes" VALUES(32,1,'2026-01-30T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(32,2,'2026-02-03T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(33,0,'2026-02-24T16:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(33,1,'2026-03-05T19:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(34,0,'2026-01-22T16:00:00Z','points','8','5',NULL);
INSERT INTO "issue_changes" VALUES(34,1,'2026-02-06T11:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(34,2,'2026-02-09T14:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(35,0,'2025-10-29T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(35,1,'2025-11-13T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(36,0,'2025-09-25T19:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(36,1,'2025-10-11T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(36,2,'2025-10-14T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(37,0,'2025-12-01T18:00:00Z','points','8','3',NULL);
INSERT INTO "issue_changes" VALUES(37,1,'2025-12-04T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(37,2,'2025-12-16T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(38,0,'2026-02-24T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(39,0,'2025-09-20T10:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(39,1,'2025-10-03T13:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(40,0,'2026-01-16T21:00:00Z','points','8','3',NULL);
INSERT INTO "issue_changes" VALUES(40,1,'2026-02-04T16:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(40,2,'2026-02-12T19:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(41,0,'2026-02-10T14:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(41,1,'2026-02-19T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(41,2,'2026-02-21T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(42,0,'2025-10-22T17:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(42,1,'2025-11-01T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(42,2,'2025-11-10T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(43,0,'2025-09-21T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(43,1,'2025-09-30T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(44,0,'2026-01-08T17:00:00Z','points','8','3',NULL);
INSERT INTO "issue_changes" VALUES(44,1,'2026-01-15T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(44,2,'2026-01-19T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(45,0,'2025-10-07T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(45,1,'2025-10-18T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(46,0,'2025-09-18T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(47,0,'2025-09-09T17:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(47,1,'2025-09-16T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(47,2,'2025-09-22T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(48,0,'2026-01-08T13:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(48,1,'2026-01-11T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(48,2,'2026-01-16T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(49,0,'2026-02-02T16:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(49,1,'2026-02-13T19:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(50,0,'2026-03-17T16:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(50,1,'2026-03-29T19:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(51,0,'2025-09-13T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(51,1,'2025-09-24T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(52,0,'2026-01-05T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(52,1,'2026-01-13T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(53,0,'2025-11-04T14:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(53,1,'2025-11-13T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(53,2,'2025-11-17T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(54,0,'2025-11-13T13:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(54,1,'2025-12-03T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(54,2,'2025-12-14T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(54,3,'2025-12-16T11:00:00Z','status','Done','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(54,4,'2025-12-20T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(55,0,'2025-09-06T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(55,1,'2025-09-14T18:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(56,0,'2026-01-12T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(56,1,'2026-01-25T18:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(57,0,'2025-11-17T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(58,0,'2026-01-25T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(58,1,'2026-01-28T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(59,0,'2025-10-27T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(59,1,'2025-11-07T11:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(60,0,'2025-12-05T08:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(61,0,'2025-12-18T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(61,1,'2025-12-25T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(62,0,'2025-09-19T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(62,1,'2025-09-23T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(63,0,'2026-03-06T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(63,1,'2026-03-21T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(64,0,'2026-01-25T10:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(64,1,'2026-02-02T13:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(65,0,'2025-11-01T17:00:00Z','points','8','5',NULL);
INSERT INTO "issue_changes" VALUES(65,1,'2025-11-17T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(65,2,'2025-11-26T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(66,0,'2025-11-25T20:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(66,1,'2025-12-09T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(66,2,'2025-12-12T18:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(67,0,'2026-01-25T11:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(67,1,'2026-02-06T14:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(68,0,'2026-01-25T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(68,1,'2026-01-31T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(69,0,'2025-12-23T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(69,1,'2025-12-30T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(70,0,'2025-09-14T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(70,1,'2025-09-29T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(71,0,'2026-03-04T20:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(71,1,'2026-03-07T15:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(71,2,'2026-03-16T18:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(71,3,'2026-03-18T18:00:00Z','status','Done','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(71,4,'2026-03-22T18:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(72,0,'2026-02-25T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(72,1,'2026-03-08T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(73,0,'2025-10-29T17:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(73,1,'2025-10-30T20:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(74,0,'2025-09-08T19:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(74,1,'2025-09-18T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(74,2,'2025-09-19T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(75,0,'2026-02-18T19:00:00Z','points','8','5',NULL);
INSERT INTO "issue_changes" VALUES(75,1,'2026-03-02T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(75,2,'2026-03-06T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(76,0,'2025-09-19T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(76,1,'2025-09-21T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(77,0,'2025-11-11T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(77,1,'2025-11-21T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(78,0,'2025-09-15T11:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(78,1,'2025-09-25T14:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(79,0,'2025-10-13T18:00:00Z','points','8','5',NULL);
INSERT INTO "issue_changes" VALUES(79,1,'2025-10-20T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(79,2,'2025-10-23T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(80,0,'2025-11-19T19:00:00Z','points','8','5',NULL);
INSERT INTO "issue_changes" VALUES(80,1,'2025-11-22T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(80,2,'2025-11-23T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(81,0,'2026-02-09T19:00:00Z','points','8','5',NULL);
INSERT INTO "issue_changes" VALUES(81,1,'2026-02-17T14:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(81,2,'2026-03-02T17:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(82,0,'2025-11-10T17:00:00Z','points','8','1',NULL);
INSERT INTO "issue_changes" VALUES(82,1,'2025-11-11T12:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(82,2,'2025-11-23T15:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(83,0,'2026-01-21T10:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(83,1,'2026-01-24T13:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(84,0,'2026-01-16T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(84,1,'2026-01-18T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(85,0,'2026-01-24T13:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(85,1,'2026-01-31T16:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(86,0,'2026-01-01T10:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(86,1,'2026-01-04T13:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(86,2,'2026-01-06T13:00:00Z','status','Done','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(86,3,'2026-01-10T13:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(87,0,'2025-11-20T17:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(87,1,'2025-11-26T20:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(88,0,'2025-09-11T09:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(88,1,'2025-09-19T12:00:00Z','status','In Progress','Done',NULL);
INSERT INTO "issue_changes" VALUES(89,0,'2025-10-03T11:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(90,0,'2026-02-11T22:00:00Z','points','8','2',NULL);
INSERT INTO "issue_changes" VALUES(90,1,'2026-03-03T17:00:00Z','status','To Do','In Progress',NULL);
INSERT INTO "issue_changes" VALUES(90,2,'2026-03-09T20:00:00Z','status','In Progress','Done',NULL);
CREATE TABLE issues (
        no INTEGER PRIMARY KEY,
        query_no INTEGER NOT NULL REFERENCES queries (no) ON DELETE CASCADE,
        key TEXT NOT NULL,
        summary TEXT NOT NULL,
        type TEXT NOT NULL,
        status TEXT NOT NULL,
        category TEXT NOT NULL CHECK (category IN ('todo', 'in_progress', 'done')),
        created TEXT CHECK (created GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        updated TEXT CHECK (updated GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        started TEXT CHECK (started GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        resolved TEXT CHECK (resolved GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        points REAL,
        source_id TEXT NOT NULL,
        project TEXT NOT NULL,
        priority TEXT NOT NULL,
        resolution TEXT NOT NULL,
        parent TEXT NOT NULL,
        assignee TEXT NOT NULL,
        labels TEXT,
        components TEXT,
        fix_versions TEXT,
        sprints TEXT,
        url TEXT NOT NULL,
        in_query INTEGER NOT NULL CHECK (in_query IN (0, 1)),
        left_query TEXT CHECK (left_query GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        extras TEXT,
        UNIQUE (query_no, key)
    ) STRICT;
INSERT INTO "issues" VALUES(1,1,'ACME-8','Made-up work 8','Bug','To Do','todo','2025-11-09T15:00:00Z','2025-11-09T15:00:00Z',NULL,NULL,3.0,'1008','ACME','Medium','','','','["core","api"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(2,1,'ACME-19','Made-up work 19','Bug','To Do','todo','2025-10-29T11:00:00Z','2025-10-29T11:00:00Z',NULL,NULL,3.0,'1019','ACME','Medium','','','','["web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(3,1,'ACME-38','Made-up work 38','Bug','To Do','todo','2025-10-04T08:00:00Z','2025-10-04T08:00:00Z',NULL,NULL,2.0,'1038','ACME','High','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(4,1,'ACME-77','Made-up work 77','Story','To Do','todo','2025-09-28T08:00:00Z','2025-09-28T08:00:00Z',NULL,NULL,1.0,'1077','ACME','High','','','','["core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(5,1,'ACME-80','Made-up work 80','Story','To Do','todo','2025-09-17T17:00:00Z','2025-09-17T17:00:00Z',NULL,NULL,3.0,'1080','ACME','Medium','','','','["api","core"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(6,1,'ACME-87','Made-up work 87','Task','To Do','todo','2025-11-12T17:00:00Z','2025-11-12T17:00:00Z',NULL,NULL,1.0,'1087','ACME','High','','','','["web","core"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(7,1,'ACME-1','Made-up work 1','Story','Done','done','2025-11-22T10:00:00Z','2025-12-16T13:00:00Z',NULL,'2025-12-16T13:00:00Z',1.0,'1001','ACME','High','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(8,1,'ACME-2','Made-up work 2','Story','Done','done','2025-09-23T14:00:00Z','2025-10-09T17:00:00Z',NULL,'2025-10-09T17:00:00Z',2.0,'1002','ACME','High','','','','["api","web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(9,1,'ACME-3','Made-up work 3','Story','Done','done','2026-01-26T17:00:00Z','2026-02-09T20:00:00Z',NULL,'2026-02-09T20:00:00Z',2.0,'1003','ACME','High','','','','["core","web"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(10,1,'ACME-4','Made-up work 4','Story','Done','done','2025-09-27T17:00:00Z','2025-10-27T20:00:00Z',NULL,'2025-10-27T20:00:00Z',2.0,'1004','ACME','High','','','','["api"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(11,1,'ACME-5','Made-up work 5','Story','Done','done','2026-01-15T14:00:00Z','2026-02-03T17:00:00Z',NULL,'2026-02-03T17:00:00Z',5.0,'1005','ACME','High','','','','["core","api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(12,1,'ACME-6','Made-up work 6','Story','Done','done','2025-11-27T15:00:00Z','2025-12-17T18:00:00Z',NULL,'2025-12-17T18:00:00Z',1.0,'1006','ACME','Medium','','','','["web"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(13,1,'ACME-7','Made-up work 7','Bug','Done','done','2026-02-19T09:00:00Z','2026-03-19T12:00:00Z',NULL,'2026-03-19T12:00:00Z',3.0,'1007','ACME','High','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(14,1,'ACME-9','Made-up work 9','Task','Done','done','2025-09-06T15:00:00Z','2025-09-21T18:00:00Z',NULL,'2025-09-21T18:00:00Z',1.0,'1009','ACME','High','','','','["core"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(15,1,'ACME-10','Made-up work 10','Task','Done','done','2026-01-06T09:00:00Z','2026-01-20T12:00:00Z',NULL,'2026-01-20T12:00:00Z',5.0,'1010','ACME','Medium','','','','["core","api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(16,1,'ACME-11','Made-up work 11','Bug','Done','done','2026-02-22T14:00:00Z','2026-03-05T17:00:00Z',NULL,'2026-03-05T17:00:00Z',1.0,'1011','ACME','High','','','','["core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(17,1,'ACME-12','Made-up work 12','Task','Done','done','2025-09-02T10:00:00Z','2025-09-25T13:00:00Z',NULL,'2025-09-25T13:00:00Z',3.0,'1012','ACME','High','','','','["api"]','["Shop"]','["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(18,1,'ACME-13','Made-up work 13','Story','Done','done','2026-01-22T14:00:00Z','2026-02-11T17:00:00Z',NULL,'2026-02-11T17:00:00Z',5.0,'1013','ACME','High','','','','["web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(19,1,'ACME-14','Made-up work 14','Bug','Done','done','2025-09-29T13:00:00Z','2025-10-20T16:00:00Z',NULL,'2025-10-20T16:00:00Z',1.0,'1014','ACME','High','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(20,1,'ACME-15','Made-up work 15','Story','Done','done','2025-10-24T17:00:00Z','2025-11-09T20:00:00Z',NULL,'2025-11-09T20:00:00Z',3.0,'1015','ACME','Medium','','','','["core"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(21,1,'ACME-16','Made-up work 16','Task','Done','done','2026-01-02T12:00:00Z','2026-01-08T15:00:00Z',NULL,'2026-01-08T15:00:00Z',1.0,'1016','ACME','High','','','','["web","api"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(22,1,'ACME-17','Made-up work 17','Story','Done','done','2026-01-14T13:00:00Z','2026-02-06T16:00:00Z',NULL,'2026-02-06T16:00:00Z',1.0,'1017','ACME','Medium','','','','["core","web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(23,1,'ACME-18','Made-up work 18','Story','Done','done','2025-12-01T11:00:00Z','2025-12-28T14:00:00Z',NULL,'2025-12-28T14:00:00Z',3.0,'1018','ACME','High','','','','["api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(24,1,'ACME-20','Made-up work 20','Story','Done','done','2026-02-25T17:00:00Z','2026-03-17T20:00:00Z',NULL,'2026-03-17T20:00:00Z',3.0,'1020','ACME','Medium','','','',NULL,NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(25,1,'ACME-21','Made-up work 21','Story','Done','done','2025-11-26T11:00:00Z','2025-12-22T14:00:00Z',NULL,'2025-12-22T14:00:00Z',1.0,'1021','ACME','High','','','','["api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(26,1,'ACME-22','Made-up work 22','Task','To Do','todo','2025-10-22T15:00:00Z','2025-10-22T20:00:00Z',NULL,NULL,3.0,'1022','ACME','Medium','','','','["core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(27,1,'ACME-23','Made-up work 23','Task','Done','done','2026-03-10T09:00:00Z','2026-03-19T12:00:00Z',NULL,'2026-03-19T12:00:00Z',2.0,'1023','ACME','High','','','','["api","core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(28,1,'ACME-24','Made-up work 24','Story','Done','done','2026-02-16T13:00:00Z','2026-03-02T16:00:00Z',NULL,'2026-03-02T16:00:00Z',2.0,'1024','ACME','High','','','','["web"]','["Shop"]','["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(29,1,'ACME-25','Made-up work 25','Task','Done','done','2025-10-25T08:00:00Z','2025-11-07T11:00:00Z',NULL,'2025-11-07T11:00:00Z',3.0,'1025','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(30,1,'ACME-26','Made-up work 26','Story','Done','done','2025-09-16T13:00:00Z','2025-10-12T16:00:00Z',NULL,'2025-10-12T16:00:00Z',5.0,'1026','ACME','High','','','','["web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(31,1,'ACME-27','Made-up work 27','Bug','Done','done','2026-02-03T08:00:00Z','2026-02-11T11:00:00Z',NULL,'2026-02-11T11:00:00Z',2.0,'1027','ACME','Medium','','','',NULL,'["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(32,1,'ACME-28','Made-up work 28','Story','Done','done','2026-01-22T08:00:00Z','2026-02-03T11:00:00Z',NULL,'2026-02-03T11:00:00Z',3.0,'1028','ACME','High','','','','["core"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(33,1,'ACME-29','Made-up work 29','Bug','Done','done','2026-02-04T16:00:00Z','2026-03-05T19:00:00Z',NULL,'2026-03-05T19:00:00Z',2.0,'1029','ACME','High','','','','["api","core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(34,1,'ACME-30','Made-up work 30','Story','Done','done','2026-01-22T11:00:00Z','2026-02-09T14:00:00Z',NULL,'2026-02-09T14:00:00Z',5.0,'1030','ACME','Medium','','','',NULL,'["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(35,1,'ACME-31','Made-up work 31','Bug','Done','done','2025-10-25T12:00:00Z','2025-11-13T15:00:00Z',NULL,'2025-11-13T15:00:00Z',2.0,'1031','ACME','High','','','','["web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(36,1,'ACME-32','Made-up work 32','Bug','Done','done','2025-09-25T14:00:00Z','2025-10-14T17:00:00Z',NULL,'2025-10-14T17:00:00Z',2.0,'1032','ACME','Medium','','','',NULL,NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(37,1,'ACME-33','Made-up work 33','Story','Done','done','2025-12-01T13:00:00Z','2025-12-16T16:00:00Z',NULL,'2025-12-16T16:00:00Z',3.0,'1033','ACME','Medium','','','','["api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(38,1,'ACME-34','Made-up work 34','Story','In Progress','in_progress','2026-02-07T12:00:00Z','2026-02-24T12:00:00Z',NULL,NULL,1.0,'1034','ACME','High','','','','["core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(39,1,'ACME-35','Made-up work 35','Bug','Done','done','2025-09-11T10:00:00Z','2025-10-03T13:00:00Z',NULL,'2025-10-03T13:00:00Z',2.0,'1035','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(40,1,'ACME-36','Made-up work 36','Bug','Done','done','2026-01-16T16:00:00Z','2026-02-12T19:00:00Z',NULL,'2026-02-12T19:00:00Z',3.0,'1036','ACME','High','','','','["web"]','["Shop"]','["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(41,1,'ACME-37','Made-up work 37','Bug','Done','done','2026-02-10T09:00:00Z','2026-02-21T12:00:00Z',NULL,'2026-02-21T12:00:00Z',2.0,'1037','ACME','Medium','','','','["api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(42,1,'ACME-39','Made-up work 39','Bug','Done','done','2025-10-22T12:00:00Z','2025-11-10T15:00:00Z',NULL,'2025-11-10T15:00:00Z',2.0,'1039','ACME','High','','','','["web"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(43,1,'ACME-40','Made-up work 40','Task','Done','done','2025-09-04T08:00:00Z','2025-09-30T11:00:00Z',NULL,'2025-09-30T11:00:00Z',2.0,'1040','ACME','Medium','','','','["core","api"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(44,1,'ACME-41','Made-up work 41','Story','Done','done','2026-01-08T12:00:00Z','2026-01-19T15:00:00Z',NULL,'2026-01-19T15:00:00Z',3.0,'1041','ACME','Medium','','','','["web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(45,1,'ACME-42','Made-up work 42','Bug','Done','done','2025-10-04T08:00:00Z','2025-10-18T11:00:00Z',NULL,'2025-10-18T11:00:00Z',3.0,'1042','ACME','Medium','','','','["web","core"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(46,1,'ACME-43','Made-up work 43','Task','In Progress','in_progress','2025-09-12T15:00:00Z','2025-09-18T15:00:00Z',NULL,NULL,3.0,'1043','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(47,1,'ACME-44','Made-up work 44','Task','Done','done','2025-09-09T12:00:00Z','2025-09-22T15:00:00Z',NULL,'2025-09-22T15:00:00Z',2.0,'1044','ACME','High','','','',NULL,NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(48,1,'ACME-45','Made-up work 45','Bug','Done','done','2026-01-08T08:00:00Z','2026-01-16T11:00:00Z',NULL,'2026-01-16T11:00:00Z',1.0,'1045','ACME','Medium','','','','["web","api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(49,1,'ACME-46','Made-up work 46','Bug','Done','done','2026-01-28T16:00:00Z','2026-02-13T19:00:00Z',NULL,'2026-02-13T19:00:00Z',5.0,'1046','ACME','High','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(50,1,'ACME-47','Made-up work 47','Story','Done','done','2026-03-03T16:00:00Z','2026-03-29T19:00:00Z',NULL,'2026-03-29T19:00:00Z',2.0,'1047','ACME','High','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(51,1,'ACME-48','Made-up work 48','Story','Done','done','2025-09-08T08:00:00Z','2025-09-24T11:00:00Z',NULL,'2025-09-24T11:00:00Z',3.0,'1048','ACME','High','','','','["api","web"]','["Shop"]','["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(52,1,'ACME-49','Made-up work 49','Task','Done','done','2026-01-04T12:00:00Z','2026-01-13T15:00:00Z',NULL,'2026-01-13T15:00:00Z',1.0,'1049','ACME','High','','','','["api","core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(53,1,'ACME-50','Made-up work 50','Bug','Done','done','2025-11-04T09:00:00Z','2025-11-17T12:00:00Z',NULL,'2025-11-17T12:00:00Z',2.0,'1050','ACME','High','','','','["api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(54,1,'ACME-51','Made-up work 51','Task','Done','done','2025-11-13T08:00:00Z','2025-12-20T11:00:00Z',NULL,'2025-12-20T11:00:00Z',2.0,'1051','ACME','Medium','','','','["api","web"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(55,1,'ACME-52','Made-up work 52','Bug','Done','done','2025-09-04T15:00:00Z','2025-09-14T18:00:00Z',NULL,'2025-09-14T18:00:00Z',3.0,'1052','ACME','Medium','','','','["api","core"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(56,1,'ACME-53','Made-up work 53','Story','Done','done','2025-12-28T15:00:00Z','2026-01-25T18:00:00Z',NULL,'2026-01-25T18:00:00Z',1.0,'1053','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(57,1,'ACME-54','Made-up work 54','Story','In Progress','in_progress','2025-11-14T15:00:00Z','2025-11-17T15:00:00Z',NULL,NULL,5.0,'1054','ACME','High','','','','["web","api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(58,1,'ACME-55','Made-up work 55','Bug','Done','done','2026-01-13T12:00:00Z','2026-01-28T15:00:00Z',NULL,'2026-01-28T15:00:00Z',3.0,'1055','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(59,1,'ACME-56','Made-up work 56','Bug','Done','done','2025-10-11T08:00:00Z','2025-11-07T11:00:00Z',NULL,'2025-11-07T11:00:00Z',5.0,'1056','ACME','Medium','','','',NULL,NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(60,1,'ACME-57','Made-up work 57','Task','In Progress','in_progress','2025-11-24T08:00:00Z','2025-12-05T08:00:00Z',NULL,NULL,3.0,'1057','ACME','High','','','','["core","api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(61,1,'ACME-58','Made-up work 58','Story','Done','done','2025-12-05T09:00:00Z','2025-12-25T12:00:00Z',NULL,'2025-12-25T12:00:00Z',1.0,'1058','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(62,1,'ACME-59','Made-up work 59','Bug','Done','done','2025-09-14T12:00:00Z','2025-09-23T15:00:00Z',NULL,'2025-09-23T15:00:00Z',3.0,'1059','ACME','High','','','','["core","web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(63,1,'ACME-60','Made-up work 60','Bug','Done','done','2026-03-04T09:00:00Z','2026-03-21T12:00:00Z',NULL,'2026-03-21T12:00:00Z',5.0,'1060','ACME','Medium','','','',NULL,'["Shop"]','["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(64,1,'ACME-61','Made-up work 61','Task','Done','done','2026-01-19T10:00:00Z','2026-02-02T13:00:00Z',NULL,'2026-02-02T13:00:00Z',5.0,'1061','ACME','Medium','','','','["api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(65,1,'ACME-62','Made-up work 62','Task','Done','done','2025-11-01T12:00:00Z','2025-11-26T15:00:00Z',NULL,'2025-11-26T15:00:00Z',5.0,'1062','ACME','Medium','','','','["web","core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(66,1,'ACME-63','Made-up work 63','Bug','Done','done','2025-11-25T15:00:00Z','2025-12-12T18:00:00Z',NULL,'2025-12-12T18:00:00Z',2.0,'1063','ACME','High','','','','["core"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(67,1,'ACME-64','Made-up work 64','Bug','Done','done','2026-01-24T11:00:00Z','2026-02-06T14:00:00Z',NULL,'2026-02-06T14:00:00Z',5.0,'1064','ACME','Medium','','','',NULL,NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(68,1,'ACME-65','Made-up work 65','Story','Done','done','2026-01-06T12:00:00Z','2026-01-31T15:00:00Z',NULL,'2026-01-31T15:00:00Z',2.0,'1065','ACME','High','','','','["web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(69,1,'ACME-66','Made-up work 66','Story','Done','done','2025-12-08T14:00:00Z','2025-12-30T17:00:00Z',NULL,'2025-12-30T17:00:00Z',3.0,'1066','ACME','Medium','','','','["core","api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(70,1,'ACME-67','Made-up work 67','Story','Done','done','2025-09-01T09:00:00Z','2025-09-29T12:00:00Z',NULL,'2025-09-29T12:00:00Z',5.0,'1067','ACME','High','','','','["api","web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(71,1,'ACME-68','Made-up work 68','Story','Done','done','2026-03-04T15:00:00Z','2026-03-22T18:00:00Z',NULL,'2026-03-22T18:00:00Z',1.0,'1068','ACME','Medium','','','',NULL,NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(72,1,'ACME-69','Made-up work 69','Task','Done','done','2026-02-08T12:00:00Z','2026-03-08T15:00:00Z',NULL,'2026-03-08T15:00:00Z',5.0,'1069','ACME','High','','','','["core"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(73,1,'ACME-70','Made-up work 70','Story','Done','done','2025-10-28T17:00:00Z','2025-10-30T20:00:00Z',NULL,'2025-10-30T20:00:00Z',3.0,'1070','ACME','Medium','','','','["web","api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(74,1,'ACME-71','Made-up work 71','Story','Done','done','2025-09-08T14:00:00Z','2025-09-19T17:00:00Z',NULL,'2025-09-19T17:00:00Z',1.0,'1071','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(75,1,'ACME-72','Made-up work 72','Task','Done','done','2026-02-18T14:00:00Z','2026-03-06T17:00:00Z',NULL,'2026-03-06T17:00:00Z',5.0,'1072','ACME','Medium','','','',NULL,'["Shop"]','["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(76,1,'ACME-73','Made-up work 73','Story','Done','done','2025-09-02T12:00:00Z','2025-09-21T15:00:00Z',NULL,'2025-09-21T15:00:00Z',2.0,'1073','ACME','High','','','','["web"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(77,1,'ACME-74','Made-up work 74','Task','Done','done','2025-11-07T12:00:00Z','2025-11-21T15:00:00Z',NULL,'2025-11-21T15:00:00Z',5.0,'1074','ACME','High','','','','["web","core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(78,1,'ACME-75','Made-up work 75','Bug','Done','done','2025-09-14T11:00:00Z','2025-09-25T14:00:00Z',NULL,'2025-09-25T14:00:00Z',2.0,'1075','ACME','Medium','','','','["web","api"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(79,1,'ACME-76','Made-up work 76','Bug','Done','done','2025-10-13T13:00:00Z','2025-10-23T16:00:00Z',NULL,'2025-10-23T16:00:00Z',5.0,'1076','ACME','Medium','','','','["web"]',NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(80,1,'ACME-78','Made-up work 78','Bug','Done','done','2025-11-19T14:00:00Z','2025-11-23T17:00:00Z',NULL,'2025-11-23T17:00:00Z',5.0,'1078','ACME','Medium','','','','["core","web"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(81,1,'ACME-79','Made-up work 79','Story','Done','done','2026-02-09T14:00:00Z','2026-03-02T17:00:00Z',NULL,'2026-03-02T17:00:00Z',5.0,'1079','ACME','Medium','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(82,1,'ACME-81','Made-up work 81','Bug','Done','done','2025-11-10T12:00:00Z','2025-11-23T15:00:00Z',NULL,'2025-11-23T15:00:00Z',1.0,'1081','ACME','Medium','','','','["core"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(83,1,'ACME-82','Made-up work 82','Story','Done','done','2026-01-05T10:00:00Z','2026-01-24T13:00:00Z',NULL,'2026-01-24T13:00:00Z',1.0,'1082','ACME','High','','','','["core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(84,1,'ACME-83','Made-up work 83','Task','Done','done','2025-12-27T13:00:00Z','2026-01-18T16:00:00Z',NULL,'2026-01-18T16:00:00Z',2.0,'1083','ACME','High','','','','["api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(85,1,'ACME-84','Made-up work 84','Story','Done','done','2026-01-18T13:00:00Z','2026-01-31T16:00:00Z',NULL,'2026-01-31T16:00:00Z',1.0,'1084','ACME','Medium','','','','["api"]','["Shop"]','["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(86,1,'ACME-85','Made-up work 85','Task','Done','done','2025-12-24T10:00:00Z','2026-01-10T13:00:00Z',NULL,'2026-01-10T13:00:00Z',5.0,'1085','ACME','High','','','','["core"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(87,1,'ACME-86','Made-up work 86','Story','Done','done','2025-11-11T17:00:00Z','2025-11-26T20:00:00Z',NULL,'2025-11-26T20:00:00Z',3.0,'1086','ACME','High','','','',NULL,NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(88,1,'ACME-88','Made-up work 88','Bug','Done','done','2025-09-10T09:00:00Z','2025-09-19T12:00:00Z',NULL,'2025-09-19T12:00:00Z',2.0,'1088','ACME','High','','','',NULL,NULL,'["1.0"]',NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(89,1,'ACME-89','Made-up work 89','Bug','In Progress','in_progress','2025-09-13T11:00:00Z','2025-10-03T11:00:00Z',NULL,NULL,2.0,'1089','ACME','Medium','','','','["web","api"]',NULL,NULL,NULL,'',1,NULL,NULL);
INSERT INTO "issues" VALUES(90,1,'ACME-90','Made-up work 90','Bug','Done','done','2026-02-11T17:00:00Z','2026-03-09T20:00:00Z',NULL,'2026-03-09T20:00:00Z',2.0,'1090','ACME','High','','','','["api","web"]','["Shop"]',NULL,NULL,'',1,NULL,NULL);
CREATE TABLE jira_cache (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        cache_key TEXT NOT NULL,
        response BLOB NOT NULL,
        expires_at TEXT NOT NULL CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        UNIQUE (profile_id, query_id, cache_key),
        FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
    ) STRICT;
CREATE TABLE jira_changelog_cache (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        issue_key TEXT NOT NULL,
        changelog BLOB NOT NULL,
        expires_at TEXT NOT NULL CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        UNIQUE (profile_id, query_id, issue_key),
        FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
    ) STRICT;
CREATE TABLE metrics_snapshots (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        snapshot_date TEXT NOT NULL,
        metric_type TEXT NOT NULL,
        metrics TEXT NOT NULL,
        forecast TEXT,
        created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        UNIQUE (profile_id, query_id, snapshot_date, metric_type),
        FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
    ) STRICT;
INSERT INTO "metrics_snapshots" VALUES(1,'p_2b41f9bf1673','q_67ade52d4e00','2026-W14','scope','{"unit":"items","total":90.0,"done":78.0,"remaining":12.0,"in_progress":5.0,"todo":7.0,"unestimated_items":0,"source":"issues"}',NULL,'2026-03-30T12:00:00Z');
INSERT INTO "metrics_snapshots" VALUES(2,'p_2b41f9bf1673','q_67ade52d4e00','2026-W14','throughput','{"unit":"items","done_this_week":0.0,"created_this_week":0.0,"pace_per_week":3.0833333333333335,"created_per_week":2.75,"window_weeks":12,"samples":[2.0,3.0,4.0,3.0,5.0,6.0,1.0,0.0,6.0,1.0,5.0,1.0]}',NULL,'2026-03-30T12:00:00Z');
INSERT INTO "metrics_snapshots" VALUES(3,'p_2b41f9bf1673','q_67ade52d4e00','2026-W14','forecast','{"as_of":"2026-03-30","unit":"items","method":"calibrated","growth":"none","remaining":12.0,"trials":10000,"seed":2094913464,"deadline":null,"chance_of_deadline":null,"weeks_50":5,"date_50":"2026-05-04","weeks_70":6,"date_70":"2026-05-11","weeks_85":7,"date_85":"2026-05-18","weeks_95":9,"date_95":"2026-06-01"}',NULL,'2026-03-30T12:00:00Z');
INSERT INTO "metrics_snapshots" VALUES(4,'p_2b41f9bf1673','q_67ade52d4e00','2026-W14','flow_load','{"wip_count":5,"by_status":{"In Progress":5},"by_issue_type":{"Story":2,"Task":2,"Bug":1}}',NULL,'2026-03-30T12:00:00Z');
INSERT INTO "metrics_snapshots" VALUES(5,'p_2b41f9bf1673','q_67ade52d4e00','2026-W14','flow_time','{"completed_count":0,"median_days":null,"avg_days":null,"p85_days":null}',NULL,'2026-03-30T12:00:00Z');
INSERT INTO "metrics_snapshots" VALUES(6,'p_2b41f9bf1673','q_90c70024db0c','2026-W14','throughput','{"unit":"items","done_this_week":null,"created_this_week":null,"pace_per_week":2.8333333333333335,"created_per_week":1.5,"window_weeks":12,"samples":[3.0,1.0,4.0,2.0,5.0,3.0,1.0,4.0,2.0,5.0,3.0,1.0]}',NULL,'2026-03-30T12:00:00Z');
CREATE TABLE migrations (
        no INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        started_at TEXT NOT NULL CHECK (started_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        finished_at TEXT NOT NULL CHECK (finished_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        outcome TEXT NOT NULL,
        report TEXT NOT NULL
    ) STRICT;
CREATE TABLE milestones (
        profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
        day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (profile_id, day, name, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "milestones" VALUES('p_2b41f9bf1673','2026-05-01','Beta',0);
CREATE TABLE profiles (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        description TEXT NOT NULL,
        created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        last_used TEXT NOT NULL CHECK (last_used GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        jira_config TEXT NOT NULL,
        field_mappings TEXT NOT NULL,
        forecast_settings TEXT NOT NULL,
        project_classification TEXT NOT NULL,
        flow_type_mappings TEXT NOT NULL,
        show_milestone INTEGER NOT NULL CHECK (show_milestone IN (0, 1)),
        show_points INTEGER NOT NULL CHECK (show_points IN (0, 1)),
        extras TEXT
    ) STRICT;
INSERT INTO "profiles" VALUES('p_2b41f9bf1673','Acme','','2026-03-30T12:00:00Z','2026-03-30T12:00:00Z','{}','{}','{"time_zone":"UTC","deadline":"2026-05-29"}','{}','{}',0,0,NULL);
CREATE TABLE project_data (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        data TEXT NOT NULL,
        updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        UNIQUE (profile_id, query_id),
        FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
    ) STRICT;
INSERT INTO "project_data" VALUES(1,'p_2b41f9bf1673','q_67ade52d4e00','{"metadata":{"source":"csv_import","last_updated":"2026-03-30T12:00:00Z","file":"acme.json","recognised_as":"Jira JSON export","rows":90,"kept":90},"imports":[{"file":"acme.json","at":"2026-03-30T12:00:00Z","recognised_as":"Jira JSON export","kind":"issues","rows":90,"kept":90,"rejected":0,"new":90,"changed":0,"changes":201,"updated":"2026-03-29T19:00:00Z","dated":"2026-03-29T19:00:00Z","content":"13089-6000a139","was_older":false}]}','2026-03-30T12:00:00Z');
INSERT INTO "project_data" VALUES(2,'p_2b41f9bf1673','q_90c70024db0c','{"metadata":{"source":"csv_import","last_updated":"2026-03-30T12:00:00Z","file":"weeks.csv","recognised_as":"CSV of weekly numbers","rows":21,"kept":21},"imports":[{"file":"weeks.csv","at":"2026-03-30T12:00:00Z","recognised_as":"CSV of weekly numbers","kind":"weeks","rows":21,"kept":21,"rejected":0,"new":0,"changed":0,"changes":0,"updated":null,"dated":null,"content":"1d6-db1ad5f5","was_older":false}]}','2026-03-30T12:00:00Z');
CREATE TABLE queries (
        no INTEGER NOT NULL UNIQUE,
        profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        jql TEXT NOT NULL,
        description TEXT NOT NULL,
        created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        last_used TEXT NOT NULL CHECK (last_used GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        updated_at TEXT CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        revision INTEGER NOT NULL,
        extras TEXT,
        PRIMARY KEY (profile_id, id),
        UNIQUE (profile_id, name)
    ) STRICT;
INSERT INTO "queries" VALUES(1,'p_2b41f9bf1673','q_67ade52d4e00','Shop','','','2026-03-30T12:00:00Z','2026-03-30T12:00:00Z',NULL,10,NULL);
INSERT INTO "queries" VALUES(2,'p_2b41f9bf1673','q_90c70024db0c','Typed weeks','','','2026-03-30T12:00:00Z','2026-03-30T12:00:00Z',NULL,11,NULL);
CREATE TABLE sprints (
        query_no INTEGER NOT NULL REFERENCES queries (no) ON DELETE CASCADE,
        name TEXT NOT NULL,
        source_id TEXT NOT NULL,
        state TEXT NOT NULL,
        start TEXT CHECK (start GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        end TEXT CHECK (end GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        completed TEXT CHECK (completed GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
        goal TEXT NOT NULL,
        PRIMARY KEY (query_no, name)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE task_progress (
        task_name TEXT NOT NULL PRIMARY KEY,
        progress_percent REAL NOT NULL,
        status TEXT NOT NULL,
        message TEXT NOT NULL,
        updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z')
    ) STRICT, WITHOUT ROWID;
CREATE TABLE week_corrections (
        query_no INTEGER NOT NULL REFERENCES queries (no) ON DELETE CASCADE,
        day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        completed_items INTEGER,
        completed_points REAL,
        created_items INTEGER,
        created_points REAL,
        PRIMARY KEY (query_no, day)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "week_corrections" VALUES(2,'2026-02-02',3,NULL,NULL,NULL);
CREATE TABLE weeks (
        query_no INTEGER NOT NULL REFERENCES queries (no) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        day TEXT CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        completed_items INTEGER,
        completed_points REAL,
        created_items INTEGER,
        created_points REAL,
        source TEXT NOT NULL,
        extras TEXT,
        PRIMARY KEY (query_no, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "weeks" VALUES(2,0,'2025-11-03',1,2.0,0,0.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,1,'2025-11-10',4,8.0,1,2.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,2,'2025-11-17',2,4.0,2,4.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,3,'2025-11-24',5,10.0,3,6.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,4,'2025-12-01',3,6.0,0,0.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,5,'2025-12-08',1,2.0,1,2.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,6,'2025-12-15',4,8.0,2,4.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,7,'2025-12-22',2,4.0,3,6.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,8,'2025-12-29',5,10.0,0,0.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,9,'2026-01-05',3,6.0,1,2.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,10,'2026-01-12',1,2.0,2,4.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,11,'2026-01-19',4,8.0,3,6.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,12,'2026-01-26',2,4.0,0,0.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,13,'2026-02-02',5,10.0,1,2.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,14,'2026-02-09',3,6.0,2,4.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,15,'2026-02-16',1,2.0,3,6.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,16,'2026-02-23',4,8.0,0,0.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,17,'2026-03-02',2,4.0,1,2.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,18,'2026-03-09',5,10.0,2,4.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,19,'2026-03-16',3,6.0,3,6.0,'csv_import',NULL);
INSERT INTO "weeks" VALUES(2,20,'2026-03-23',1,2.0,0,0.0,'csv_import',NULL);
CREATE INDEX idx_jira_cache_expiry ON jira_cache (expires_at);
CREATE INDEX idx_changelog_expiry ON jira_changelog_cache (expires_at);
COMMIT;
PRAGMA application_id = 1114993262;
PRAGMA user_version = 3;
