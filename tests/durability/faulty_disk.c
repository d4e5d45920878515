/* A disk that misbehaves by wish, for programs that are started with this library before the C library (LD_PRELOAD).
 *
 * Below FAULTY_ROOT it does what the first letter of the file FAULTY_CONTROL says at that moment: "r" takes no change
 * and no file to write (EROFS), as a file system that the kernel has made read-only; "f" takes no byte (ENOSPC);
 * "s" and a number sleeps so many milliseconds before a file is on the disk. Anything else: nothing is wrong.
 */
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
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

static char fault(long *number)
{
    char said[32] = "";
    const char *control = getenv("FAULTY_CONTROL");
    int kept = errno, file = control ? (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        (void)!syscall(SYS_read, file, said, sizeof said - 1);
        syscall(SYS_close, file);
    }
    errno = kept;
    if (number)
        *number = said[0] ? atol(said + 1) : 0;
    return said[0];
}

static int is_below(const char *path)
{
    const char *root = getenv("FAULTY_ROOT");
    size_t length = root ? strlen(root) : 0;
    return length && path && !strncmp(path, root, length) && (path[length] == '/' || !path[length]);
}

static int is_file_below(int file)
{
    char link[64], path[PATH_MAX];
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    errno = kept;
    if (length < 0)
        return 0;
    path[length] = 0;
    return is_below(path);
}

/* Why a change of this path, or bytes for this file, are not taken now; 0 where they are. */
static int refuses_path(const char *path) { return is_below(path) && fault(NULL) == 'r' ? EROFS : 0; }

static int refuses_bytes(int file)
{
    char now = fault(NULL);
    if ((now != 'r' && now != 'f') || !is_file_below(file))
        return 0;
    return now == 'r' ? EROFS : ENOSPC;
}

#define UNLESS(refused) do { int why = (refused); if (why) { errno = why; return -1; } } while (0)

#define OPENS(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & (O_CREAT | O_TRUNC)))
#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...)
{
    MODE(flags)
    UNLESS(OPENS(flags) ? refuses_path(path) : 0);
    return REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE(flags)
    UNLESS(OPENS(flags) ? refuses_path(path) : 0);
    return REAL(open64)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    MODE(flags)
    UNLESS(OPENS(flags) ? refuses_path(path) : 0);
    return REAL(openat)(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    MODE(flags)
    UNLESS(OPENS(flags) ? refuses_path(path) : 0);
    return REAL(openat64)(folder, path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t count)
{
    UNLESS(refuses_bytes(file));
    return REAL(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
    UNLESS(refuses_bytes(file));
    return REAL(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
    UNLESS(refuses_bytes(file));
    return REAL(pwrite64)(file, bytes, count, at);
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    UNLESS(refuses_bytes(file));
    return REAL(writev)(file, parts, count);
}

int ftruncate(int file, off_t length)
{
    UNLESS(refuses_bytes(file));
    return REAL(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length)
{
    UNLESS(refuses_bytes(file));
    return REAL(ftruncate64)(file, length);
}

int mkdir(const char *path, mode_t mode)
{
    UNLESS(refuses_path(path));
    return REAL(mkdir)(path, mode);
}

int rename(const char *from, const char *to)
{
    UNLESS(refuses_path(from) ? refuses_path(from) : refuses_path(to));
    return REAL(rename)(from, to);
}

int link(const char *from, const char *to)
{
    UNLESS(refuses_path(to));
    return REAL(link)(from, to);
}

int unlink(const char *path)
{
    UNLESS(refuses_path(path));
    return REAL(unlink)(path);
}

int rmdir(const char *path)
{
    UNLESS(refuses_path(path));
    return REAL(rmdir)(path);
}

static void take_time(int file)
{
    long milliseconds;
    if (fault(&milliseconds) != 's' || milliseconds <= 0 || !is_file_below(file))
        return;
    struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&rest, &rest) && errno == EINTR) {
    }
}

int fsync(int file)
{
    take_time(file);
    return REAL(fsync)(file);
}

int fdatasync(int file)
{
    take_time(file);
    return REAL(fdatasync)(file);
}
