// LD_PRELOAD: every fsync and fdatasync takes at least SLOWSYNC_US microseconds more, as on an SD card.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_us(void) {
  static long us = -1;
  if (us < 0) {
    const char *text = getenv("SLOWSYNC_US");
    us = text ? atol(text) : 0;
  }
  struct timespec t = {us / 1000000, us % 1000000 * 1000};
  if (us > 0) nanosleep(&t, 0);
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  wait_us();
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  wait_us();
  return real(fd);
}
