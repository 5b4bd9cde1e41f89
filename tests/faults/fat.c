/* Preloaded into a program under test: below FAT_FOLDER its files behave as on a FAT stick.

   No links of any kind, no modes and no owners to set, all files one's own, times to two seconds, names that Windows
   could not have refused, no file of 4 GB or more, a folder cannot be synced. With FAT_TELLS_NO_ROOM the file system
   does not tell how large it is, as some that are reached over a network or through FUSE. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define LARGEST 4294967295LL

static int below(const char *path) {
    const char *folder = getenv("FAT_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    return length && path && !strncmp(path, folder, length);
}

static int handle_below(int handle) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

static int refused(int error) {
    errno = error;
    return -1;
}

static int is_bad_name(const char *path) {
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    size_t length = strlen(name);
    return below(path) && (strpbrk(name, "\"*:<>?|\\") || (length && (name[length - 1] == ' ' || (name[length - 1] == '.' && strcmp(name, ".") && strcmp(name, "..")))));
}

int link(const char *from, const char *to) { return below(to) ? refused(EPERM) : REAL(link)(from, to); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return below(to) ? refused(EPERM) : REAL(linkat)(a, from, b, to, flags); }
int symlink(const char *from, const char *to) { return below(to) ? refused(EPERM) : REAL(symlink)(from, to); }
int symlinkat(const char *from, int at, const char *to) { return below(to) ? refused(EPERM) : REAL(symlinkat)(from, at, to); }
int chmod(const char *path, mode_t mode) { return below(path) ? refused(EPERM) : REAL(chmod)(path, mode); }
int fchmod(int handle, mode_t mode) { return handle_below(handle) ? refused(EPERM) : REAL(fchmod)(handle, mode); }
int fchmodat(int at, const char *path, mode_t mode, int flags) { return below(path) ? refused(EPERM) : REAL(fchmodat)(at, path, mode, flags); }
int chown(const char *path, uid_t user, gid_t group) { return below(path) ? refused(EPERM) : REAL(chown)(path, user, group); }
int fchown(int handle, uid_t user, gid_t group) { return handle_below(handle) ? refused(EPERM) : REAL(fchown)(handle, user, group); }

static int is_folder(int handle) {
    struct stat seen;
    return !REAL(fstat)(handle, &seen) && S_ISDIR(seen.st_mode);
}

int fsync(int handle) { return handle_below(handle) && is_folder(handle) ? refused(EINVAL) : REAL(fsync)(handle); }

int mkdir(const char *path, mode_t mode) { return is_bad_name(path) ? refused(EINVAL) : REAL(mkdir)(path, mode); }
int rename(const char *from, const char *to) { return is_bad_name(to) ? refused(EINVAL) : REAL(rename)(from, to); }

#define OPENS(name)                                                                  \
    int name(const char *path, int flags, ...) {                                     \
        va_list more;                                                                \
        va_start(more, flags);                                                       \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;    \
        va_end(more);                                                                \
        if ((flags & O_CREAT) && is_bad_name(path)) return refused(EINVAL);          \
        return REAL(name)(path, flags, mode);                                        \
    }
OPENS(open)
OPENS(open64)

static void as_told(struct stat *seen) {
    seen->st_mode = (seen->st_mode & S_IFMT) | 0755;
    seen->st_nlink = 1;
    seen->st_mtim.tv_sec &= ~1L;
    seen->st_mtim.tv_nsec = seen->st_atim.tv_nsec = seen->st_ctim.tv_nsec = 0;
}

#define TELLS(name, is_ours, parameters, arguments)                                  \
    int name parameters {                                                            \
        int code = REAL(name) arguments;                                             \
        if (!code && is_ours) as_told((struct stat *)seen);                          \
        return code;                                                                 \
    }
TELLS(stat, below(path), (const char *path, struct stat *seen), (path, seen))
TELLS(stat64, below(path), (const char *path, struct stat64 *seen), (path, seen))
TELLS(lstat, below(path), (const char *path, struct stat *seen), (path, seen))
TELLS(lstat64, below(path), (const char *path, struct stat64 *seen), (path, seen))
TELLS(fstat, handle_below(handle), (int handle, struct stat *seen), (handle, seen))
TELLS(fstat64, handle_below(handle), (int handle, struct stat64 *seen), (handle, seen))
TELLS(fstatat, below(path), (int at, const char *path, struct stat *seen, int flags), (at, path, seen, flags))
TELLS(fstatat64, below(path), (int at, const char *path, struct stat64 *seen, int flags), (at, path, seen, flags))

int ftruncate(int handle, off_t size) { return size >= LARGEST && handle_below(handle) ? refused(EFBIG) : REAL(ftruncate)(handle, size); }
int ftruncate64(int handle, off64_t size) { return ftruncate(handle, size); }
ssize_t pwrite(int handle, const void *data, size_t length, off_t at) {
    return at + (long long)length > LARGEST && handle_below(handle) ? refused(EFBIG) : REAL(pwrite)(handle, data, length, at);
}
ssize_t pwrite64(int handle, const void *data, size_t length, off64_t at) { return pwrite(handle, data, length, at); }

static void tells_nothing(struct statvfs *seen) { seen->f_blocks = seen->f_bfree = seen->f_bavail = 0; }
int statvfs(const char *path, struct statvfs *seen) {
    int code = REAL(statvfs)(path, seen);
    if (!code && getenv("FAT_TELLS_NO_ROOM") && below(path)) tells_nothing(seen);
    return code;
}
int statvfs64(const char *path, struct statvfs64 *seen) { return statvfs(path, (struct statvfs *)seen); }
