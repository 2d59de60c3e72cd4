// LD_PRELOAD: what is done to files below CARD fails while the file CARD_SAYS says how: "write 5" fails every write
// with errno 5, "sync 5" every fsync, "all 30" whatever would change anything, as on a file system that is read-only.
// With CARD_KEEPS each fsync leaves a copy of the file beside it, FILE.durable: what a power cut would leave.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NONE, WRITE, SYNC, ALL };

/** The operations that fail now, and their errno. */
static int failing(int *error) {
  const char *path = getenv("CARD_SAYS");
  if (!path) return NONE;
  int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return NONE;
  char text[32] = {0}, word[8] = {0};
  syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  if (sscanf(text, "%7s %d", word, error) != 2) return NONE;
  return strcmp(word, "write") == 0 ? WRITE : strcmp(word, "sync") == 0 ? SYNC : ALL;
}

static int on_card(const char *path) {
  const char *card = getenv("CARD");
  return card && strncmp(path, card, strlen(card)) == 0;
}

static int held_on_card(int fd) {
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return on_card(path);
}

static int fails(int kind, int fd, const char *path) {
  int error, how = failing(&error);
  if (how != ALL && how != kind) return 0;
  if (how == NONE || !(path ? on_card(path) : held_on_card(fd))) return 0;
  errno = error;
  return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define BY_FD(kind, type, name, parameters, ...) \
  type name parameters { REAL(name); return fails(kind, fd, NULL) ? -1 : real(__VA_ARGS__); }
#define BY_PATH(name, parameters, ...) \
  int name parameters { REAL(name); return fails(ALL, -1, path) ? -1 : real(__VA_ARGS__); }

BY_FD(WRITE, ssize_t, write, (int fd, const void *bytes, size_t size), fd, bytes, size)
BY_FD(WRITE, ssize_t, pwrite, (int fd, const void *bytes, size_t size, off_t at), fd, bytes, size, at)
BY_FD(WRITE, ssize_t, pwrite64, (int fd, const void *bytes, size_t size, off64_t at), fd, bytes, size, at)
BY_FD(WRITE, int, ftruncate, (int fd, off_t size), fd, size)
BY_FD(WRITE, int, ftruncate64, (int fd, off64_t size), fd, size)

/** A whole copy or none: the process may be killed at any moment. */
static void keep(int fd) {
  char link[32], path[4096], fresh[4200], durable[4200];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  snprintf(fresh, sizeof fresh, "%s.fresh", path);
  snprintf(durable, sizeof durable, "%s.durable", path);
  int from = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  int to = syscall(SYS_openat, AT_FDCWD, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  while (from >= 0 && to >= 0 && syscall(SYS_sendfile, to, from, NULL, 1 << 24) > 0);
  syscall(SYS_close, from);
  syscall(SYS_close, to);
  syscall(SYS_renameat2, AT_FDCWD, fresh, AT_FDCWD, durable, 0);
}

static int synced(int fd, int (*real)(int)) {
  if (fails(SYNC, fd, NULL)) return -1;
  int result = real(fd);
  if (result == 0 && getenv("CARD_KEEPS") && held_on_card(fd)) keep(fd);
  return result;
}

int fsync(int fd) { REAL(fsync); return synced(fd, real); }
int fdatasync(int fd) { REAL(fdatasync); return synced(fd, real); }
BY_PATH(unlink, (const char *path), path)
BY_PATH(mkdir, (const char *path, mode_t mode), path, mode)
BY_PATH(rename, (const char *path, const char *to), path, to)

#define CHANGES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    return flags & CHANGES && fails(ALL, -1, path) ? -1 : real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
