"""The text that lies in every data folder: what each file is, how to back up and how to put data back."""

NAME = "README.txt"
TEXT = """\
Burndown keeps its data in this folder, and nowhere else.

What is here
  burndown.db        your profiles, queries, issues, weekly numbers and forecasts (an SQLite database)
  burndown.db-wal    only while Burndown runs: the latest changes
  burndown.db-shm    only while Burndown runs
  burndown.lock      only while Burndown runs: keeps a second one from writing here
  burndown.instance.json  only while Burndown runs: where its page can be reached
  burndown.numbers.json  numbers that take long to work out, so that a start is quicker; may be deleted at any time
  backups/           copies of burndown.db that Burndown made by itself, each one checked afterwards
  legacy/            files of an older version, exactly as they were when their data was taken over
  set-aside/         what was here before a backup was put back
  logs/              what happened, for when something goes wrong

How to back up
  Quit Burndown and copy this whole folder. That is all; it can be moved to another computer in the same way.
  For a copy while it runs, press "Back up now" on the Settings page, or call "burndown backup": it puts a checked
  copy into backups/.

How to put a backup back
  On the Settings page, under Backups, press "Put back". Without the browser, with Burndown closed, call
  "burndown restore backups/NAME.db".
  What was here before moves into set-aside/; nothing is deleted. By hand:
  1. Quit Burndown.
  2. Move burndown.db out of this folder, and burndown.db-wal and burndown.db-shm with it if they are here.
     Do not delete them: they may hold something you want later.
  3. Copy a file from backups/ into this folder and rename the copy to burndown.db.
  4. Start Burndown.
  Never leave an old burndown.db-wal beside another burndown.db: together they are a damaged database.

If it says damaged
  Do not delete anything. The page offers the newest good backup; press its button. What is here now moves into
  set-aside/. If no backup is good, put back a copy of this folder that you made yourself.

How to start afresh
  Quit Burndown and rename this folder. The next start makes a new one.
"""
