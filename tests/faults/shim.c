/* Preloaded into a child of a fault test: counts, logs or fails what is done to the files of one folder.

   The child switches it on through shim_watch, shim_log and shim_fail; until then everything passes through.
   A program that knows nothing of it is given SHIM_WATCH and SHIM_KILL_AT_RENAME in its environment.
   The wal-index (-shm) is left alone: it is memory, and made anew after a crash. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static int log_file = -1;
static long operations, fail_at;
static int fail_with, fail_on, count_reads, only_renames;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void shim_watch(const char *watched) { strncpy(folder, watched, sizeof folder - 1); }

void shim_log(const char *path) { log_file = REAL(open)(path, O_CREAT | O_WRONLY | O_TRUNC, 0600); }

/* From operation `at` (counted from 1): error `with`, or with 0 an end as by SIGKILL; `on`: at all later ones too. */
void shim_fail(long at, int with, int on, int reads) {
    operations = 0;
    fail_at = at;
    fail_with = with;
    fail_on = on;
    count_reads = reads;
}

__attribute__((constructor)) static void from_environment(void) {
    const char *watched = getenv("SHIM_WATCH"), *at = getenv("SHIM_KILL_AT_RENAME");
    if (!watched || !at) return;
    shim_watch(watched);
    only_renames = 1;
    shim_fail(atol(at), 0, 0, 0);
}

long shim_operations(void) { return operations; }

static int is_watched(const char *path) {
    size_t length = strlen(folder), all = strlen(path);
    return length && !strncmp(path, folder, length) && !(all > 4 && !strcmp(path + all - 4, "-shm"));
}

static int path_of(int handle, char *path) {
    char link[64];
    ssize_t length;
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_watched(path);
}

static void record(char kind, const char *path, int64_t offset, const void *data, uint32_t length) {
    uint16_t path_length = strlen(path);
    ssize_t (*put)(int, const void *, size_t) = REAL(write);
    if (log_file < 0) return;
    if (put(log_file, &kind, 1) != 1 || put(log_file, &path_length, 2) != 2 || put(log_file, &offset, 8) != 8 ||
        put(log_file, &length, 4) != 4 || put(log_file, path, path_length) != path_length ||
        (length && put(log_file, data, length) != (ssize_t)length))
        _exit(99);
}

void shim_note(long number) { record('A', "", number, "", 0); }

/* Whether this operation is to fail; with fail_with 0 the caller does half of it, then dies. */
static int is_due(char kind) {
    if (only_renames && kind != 'R') return 0;
    operations++;
    return fail_at && (operations == fail_at || (fail_on && operations > fail_at));
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static ssize_t put_at(int handle, const void *data, size_t length, off_t offset, int at_offset) {
    char path[PATH_MAX];
    ssize_t done;
    int watched = path_of(handle, path);
    if (watched) {
        pthread_mutex_lock(&one_at_a_time);
        if (!at_offset) offset = lseek(handle, 0, SEEK_CUR);
        if (is_due('W')) {
            if (!fail_with) {
                REAL(pwrite)(handle, data, length / 2, offset);
                die();
            }
            pthread_mutex_unlock(&one_at_a_time);
            errno = fail_with;
            return -1;
        }
        record('W', path, offset, data, length);
    }
    done = at_offset ? REAL(pwrite)(handle, data, length, offset) : REAL(write)(handle, data, length);
    if (watched) pthread_mutex_unlock(&one_at_a_time);
    return done;
}

ssize_t pwrite(int handle, const void *data, size_t length, off_t offset) {
    return put_at(handle, data, length, offset, 1);
}
ssize_t pwrite64(int handle, const void *data, size_t length, off64_t offset) {
    return put_at(handle, data, length, offset, 1);
}
ssize_t write(int handle, const void *data, size_t length) { return put_at(handle, data, length, 0, 0); }

/* The operations without data: fail, or do it and log it. `done` is what the real function gives. */
#define SIMPLE(kind, path, offset, data, length, call) \
    do { \
        int done; \
        pthread_mutex_lock(&one_at_a_time); \
        if (is_due(kind)) { \
            if (!fail_with) die(); \
            pthread_mutex_unlock(&one_at_a_time); \
            errno = fail_with; \
            return -1; \
        } \
        done = call; \
        if (!done) record(kind, path, offset, data, length); \
        pthread_mutex_unlock(&one_at_a_time); \
        return done; \
    } while (0)

int fsync(int handle) {
    char path[PATH_MAX];
    if (!path_of(handle, path)) return REAL(fsync)(handle);
    SIMPLE('S', path, 0, "", 0, REAL(fsync)(handle));
}
int fdatasync(int handle) {
    char path[PATH_MAX];
    if (!path_of(handle, path)) return REAL(fdatasync)(handle);
    SIMPLE('S', path, 0, "", 0, REAL(fdatasync)(handle));
}
int ftruncate(int handle, off_t size) {
    char path[PATH_MAX];
    if (!path_of(handle, path)) return REAL(ftruncate)(handle, size);
    SIMPLE('T', path, size, "", 0, REAL(ftruncate)(handle, size));
}
int ftruncate64(int handle, off64_t size) { return ftruncate(handle, size); }
int rename(const char *source, const char *target) {
    if (!is_watched(source)) return REAL(rename)(source, target);
    SIMPLE('R', source, 0, target, strlen(target), REAL(rename)(source, target));
}
int unlink(const char *path) {
    if (!is_watched(path)) return REAL(unlink)(path);
    SIMPLE('U', path, 0, "", 0, REAL(unlink)(path));
}

static int read_is_due(int handle) {
    char path[PATH_MAX];
    int due;
    if (!count_reads || !path_of(handle, path)) return 0;
    pthread_mutex_lock(&one_at_a_time);
    due = is_due('r');
    if (due && !fail_with) die();
    pthread_mutex_unlock(&one_at_a_time);
    if (due) errno = fail_with;
    return due;
}

ssize_t pread(int handle, void *data, size_t length, off_t offset) {
    return read_is_due(handle) ? -1 : REAL(pread)(handle, data, length, offset);
}
ssize_t pread64(int handle, void *data, size_t length, off64_t offset) {
    return read_is_due(handle) ? -1 : REAL(pread)(handle, data, length, offset);
}
ssize_t read(int handle, void *data, size_t length) {
    return read_is_due(handle) ? -1 : REAL(read)(handle, data, length);
}
