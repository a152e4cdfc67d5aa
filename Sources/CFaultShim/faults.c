// Faults at named points of a program that knows nothing of them: preloaded, it counts the calls that change files below one directory
// by kind of file and kind of call, and does something to the nth of them.
//
// Compiled and preloaded by kagami-torture; no part of the product. What the environment says:
//
//   KAGAMI_FAULT_ROOT     the directory, absolute
//   KAGAMI_FAULT_SHARED   a file of 4,096 bytes for the counts, which outlives the process
//   KAGAMI_FAULT_KIND     number of a kind of file, as in `enum kind`; -1 arms nothing
//   KAGAMI_FAULT_CALL     number of a kind of call, as in `enum call`
//   KAGAMI_FAULT_AT       which of them, from 1
//   KAGAMI_FAULT_TIMES    how many from there on; 0 for all
//   KAGAMI_FAULT_ACTION   number of what happens, as in `enum action`
//   KAGAMI_FAULT_JOURNAL  1 remembers what is not synced, so that a power cut can take it back
//   KAGAMI_FAULT_LIE      1 lets syncs do nothing and say that they did
//   KAGAMI_FAULT_SEED     0 takes back all that is not synced, another number about half of it
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { ROWS, SQLITE, WAL, SNAPSHOT, CURRENT, DIRECTORY, OTHER, KINDS };
enum call { WRITE, SYNC, RENAME, TRUNCATE, UNLINK, CREATE, READ, CALLS };
enum action { COUNT, KILL, KILL_AFTER, TORN, CUT, NO_SPACE, IO_ERROR, SHORT, INTERRUPTED, DELAY };

// Words of the shared file, after 8 × 8 counts.
enum word { HITS = 64, FAILED_SYNCS, WRITES_AFTER, TAKEN_BACK };

static const char *root;
static size_t root_length;
static _Atomic uint64_t *shared;
static int fault_kind = -1, fault_call, fault_action;
static uint64_t fault_at, fault_times = 1, random_state;
static int is_journaling, is_lying;
static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_rename)(const char *, const char *);
static int (*real_renameat)(int, const char *, int, const char *);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_rmdir)(const char *);
static int (*real_mkdir)(const char *, mode_t);

static long number(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text ? strtol(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void start(void) {
  real_open = dlsym(RTLD_NEXT, "open");
  real_openat = dlsym(RTLD_NEXT, "openat");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_read = dlsym(RTLD_NEXT, "read");
  real_pread = dlsym(RTLD_NEXT, "pread");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_renameat = dlsym(RTLD_NEXT, "renameat");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
  real_rmdir = dlsym(RTLD_NEXT, "rmdir");
  real_mkdir = dlsym(RTLD_NEXT, "mkdir");
  const char *file = getenv("KAGAMI_FAULT_SHARED");
  const char *directory = getenv("KAGAMI_FAULT_ROOT");
  if (!file || !directory) return;
  int descriptor = real_open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (map == MAP_FAILED) return;
  fault_kind = (int)number("KAGAMI_FAULT_KIND", -1);
  fault_call = (int)number("KAGAMI_FAULT_CALL", 0);
  fault_at = (uint64_t)number("KAGAMI_FAULT_AT", 1);
  fault_times = (uint64_t)number("KAGAMI_FAULT_TIMES", 1);
  fault_action = (int)number("KAGAMI_FAULT_ACTION", COUNT);
  is_journaling = number("KAGAMI_FAULT_JOURNAL", 0) != 0;
  is_lying = number("KAGAMI_FAULT_LIE", 0) != 0;
  random_state = (uint64_t)number("KAGAMI_FAULT_SEED", 0);
  root_length = strlen(directory);
  root = directory;
  shared = map;
}

// MARK: Which file

// The kind of what lies at a path; -1 for what is not watched.
static int kind_of(const char *path) {
  if (!shared || strncmp(path, root, root_length) != 0) return -1;
  const char *rest = path + root_length;
  if (*rest == 0) return DIRECTORY;
  if (*rest++ != '/') return -1;
  if (strncmp(rest, "rows/", 5) == 0) return ROWS;
  if (strncmp(rest, "index/", 6) == 0) return SNAPSHOT;
  if (strcmp(rest, "rows") == 0 || strcmp(rest, "index") == 0) return DIRECTORY;
  if (strcmp(rest, "catalogue.sqlite") == 0) return SQLITE;
  if (strcmp(rest, "catalogue.sqlite-wal") == 0) return WAL;
  if (strncmp(rest, "CURRENT", 7) == 0) return CURRENT;
  return OTHER;
}

static int path_of(int descriptor, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return path[0] == '/';
}

static int kind_of_descriptor(int descriptor) {
  if (!shared || descriptor < 3) return -1;
  char path[PATH_MAX];
  if (!path_of(descriptor, path)) return -1;
  int kind = kind_of(path);
  struct stat status;
  if (kind == SNAPSHOT && fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) return DIRECTORY;
  return kind;
}

// MARK: What is not synced yet

struct change {
  enum { BYTES, NAME, BIRTH } what;
  dev_t device;
  ino_t inode;
  int descriptor;
  off_t offset, size;
  size_t length;
  unsigned char *bytes;
  char *from, *to, *kept;
  struct change *before;
};

static struct change *last_change;

static struct change *remember(int what) {
  struct change *change = calloc(1, sizeof *change);
  if (!change) abort();
  change->what = what;
  change->descriptor = -1;
  change->before = last_change;
  last_change = change;
  return change;
}

// Keeps what a write or a cut is about to replace.
static void note_bytes(int descriptor, off_t offset, size_t length) {
  if (!is_journaling) return;
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  char path[PATH_MAX];
  if (!path_of(descriptor, path)) return;
  pthread_mutex_lock(&journal_lock);
  struct change *change = remember(BYTES);
  change->device = status.st_dev;
  change->inode = status.st_ino;
  change->offset = offset;
  change->size = status.st_size;
  // A descriptor of its own: the file may be renamed or closed before the cut.
  change->descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  off_t end = offset + (off_t)length < status.st_size ? offset + (off_t)length : status.st_size;
  change->length = end > offset ? (size_t)(end - offset) : 0;
  change->bytes = malloc(change->length + 1);
  if (!change->bytes) abort();
  if (change->length && real_pread(change->descriptor, change->bytes, change->length, offset) < 0) change->length = 0;
  pthread_mutex_unlock(&journal_lock);
}

static void forget_where(int (*matches)(const struct change *, const void *), const void *argument) {
  pthread_mutex_lock(&journal_lock);
  struct change **slot = &last_change;
  while (*slot) {
    struct change *change = *slot;
    if (!matches(change, argument)) {
      slot = &change->before;
      continue;
    }
    *slot = change->before;
    if (change->descriptor >= 0) close(change->descriptor);
    if (change->kept) real_unlink(change->kept);
    free(change->bytes), free(change->from), free(change->to), free(change->kept), free(change);
  }
  pthread_mutex_unlock(&journal_lock);
}

static int is_of_file(const struct change *change, const void *argument) {
  const struct stat *status = argument;
  return change->what == BYTES && change->device == status->st_dev && change->inode == status->st_ino;
}

static int is_in_directory(const struct change *change, const void *argument) {
  const char *slash = change->to ? strrchr(change->to, '/') : NULL;
  size_t length = strlen(argument);
  return slash && (size_t)(slash - change->to) == length && strncmp(change->to, argument, length) == 0;
}

static void note_synced(int descriptor) {
  struct stat status;
  if (!is_journaling || is_lying || fstat(descriptor, &status) != 0) return;
  char path[PATH_MAX];
  if (!S_ISDIR(status.st_mode)) forget_where(is_of_file, &status);
  else if (path_of(descriptor, path)) forget_where(is_in_directory, path);
}

static void note_rename(const char *from, const char *to) {
  if (!is_journaling) return;
  pthread_mutex_lock(&journal_lock);
  struct change *change = remember(NAME);
  change->from = strdup(from);
  change->to = strdup(to);
  struct stat status;
  char kept[PATH_MAX];
  if (stat(to, &status) == 0 && S_ISREG(status.st_mode)
      && snprintf(kept, sizeof kept, "%s.kept", to) < (int)sizeof kept) {
    real_unlink(kept);
    if (link(to, kept) == 0) change->kept = strdup(kept);
  }
  pthread_mutex_unlock(&journal_lock);
}

static void note_birth(const char *path) {
  if (!is_journaling) return;
  pthread_mutex_lock(&journal_lock);
  remember(BIRTH)->to = strdup(path);
  pthread_mutex_unlock(&journal_lock);
}

static int is_spared(void) {
  if (random_state == 0) return 0;
  random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
  return (int)(random_state >> 40) & 1;
}

// The power goes: what was not synced is as it was before, and this process is gone.
static void cut_power(void) {
  pthread_mutex_lock(&journal_lock);
  for (struct change *change = last_change; change; change = change->before) {
    if (is_spared()) continue;
    atomic_fetch_add(&shared[TAKEN_BACK], 1);
    if (change->what == BYTES && change->descriptor >= 0) {
      if (change->length && real_pwrite(change->descriptor, change->bytes, change->length, change->offset) < 0) continue;
      struct stat status;
      if (fstat(change->descriptor, &status) == 0 && status.st_size != change->size)
        (void)!real_ftruncate(change->descriptor, change->size);
    } else if (change->what == NAME) {
      real_rename(change->to, change->from);
      if (change->kept) real_rename(change->kept, change->to);
    } else if (change->what == BIRTH && random_state == 0) {
      if (real_unlink(change->to) != 0) real_rmdir(change->to);
    }
  }
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// MARK: The point

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Counts a call, and says what is to become of it.
static int pass(int kind, int call) {
  if (kind < 0) return COUNT;
  uint64_t count = atomic_fetch_add(&shared[kind * 8 + call], 1) + 1;
  if (kind <= WAL && (call == WRITE || call == TRUNCATE) && atomic_load(&shared[FAILED_SYNCS]))
    atomic_fetch_add(&shared[WRITES_AFTER], 1);
  if (kind != fault_kind || call != fault_call || fault_action == COUNT || count < fault_at) return COUNT;
  if (fault_times && count >= fault_at + fault_times) return COUNT;
  atomic_fetch_add(&shared[HITS], 1);
  if (fault_action == KILL) die();
  if (fault_action == CUT) cut_power();
  if (fault_action == DELAY) {
    usleep(200000);
    return COUNT;
  }
  return fault_action;
}

// Whether the call is to fail, with `errno` set.
static int fails(int action) {
  if (action == NO_SPACE) errno = ENOSPC;
  else if (action == IO_ERROR) errno = EIO;
  else if (action == INTERRUPTED) errno = EINTR;
  else return 0;
  return 1;
}

static ssize_t written(int action, ssize_t result) {
  if (action == KILL_AFTER || action == TORN) die();
  return result;
}

static size_t shortened(int action, size_t length) {
  return (action == SHORT || action == TORN) && length > 1 ? length / 2 : length;
}

// MARK: The calls

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  int kind = kind_of_descriptor(descriptor), action = pass(kind, WRITE);
  if (fails(action)) return -1;
  length = shortened(action, length);
  if (kind >= 0) note_bytes(descriptor, offset, length);
  return written(action, real_pwrite(descriptor, bytes, length, offset));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t offset) {
  return pwrite(descriptor, bytes, length, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  if (!real_write) return syscall(SYS_write, descriptor, bytes, length);
  int kind = kind_of_descriptor(descriptor), action = pass(kind, WRITE);
  if (fails(action)) return -1;
  length = shortened(action, length);
  if (kind >= 0) note_bytes(descriptor, lseek(descriptor, 0, SEEK_CUR), length);
  return written(action, real_write(descriptor, bytes, length));
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  int kind = kind_of_descriptor(descriptor), action = pass(kind, WRITE);
  if (fails(action)) return -1;
  size_t length = 0;
  for (int part = 0; part < count; part++) length += parts[part].iov_len;
  if (kind >= 0) note_bytes(descriptor, lseek(descriptor, 0, SEEK_CUR), length);
  return written(action, real_writev(descriptor, parts, count));
}

ssize_t pread(int descriptor, void *bytes, size_t length, off_t offset) {
  int action = pass(kind_of_descriptor(descriptor), READ);
  if (fails(action)) return -1;
  return real_pread(descriptor, bytes, shortened(action, length), offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t length, off_t offset) {
  return pread(descriptor, bytes, length, offset);
}

ssize_t read(int descriptor, void *bytes, size_t length) {
  if (!real_read) return syscall(SYS_read, descriptor, bytes, length);
  int action = pass(kind_of_descriptor(descriptor), READ);
  if (fails(action)) return -1;
  return real_read(descriptor, bytes, shortened(action, length));
}

static int synced(int descriptor, int (*real)(int)) {
  int kind = kind_of_descriptor(descriptor), action = pass(kind, SYNC);
  if (fails(action)) {
    // What a full disk or a signal refuses may be tried again; after an error nothing is known.
    if (kind >= 0 && kind <= WAL && action == IO_ERROR) atomic_fetch_add(&shared[FAILED_SYNCS], 1);
    return -1;
  }
  int result = real(descriptor);
  if (kind >= 0 && result == 0) note_synced(descriptor);
  if (action == KILL_AFTER) die();
  return result;
}

int fsync(int descriptor) { return synced(descriptor, real_fsync); }

int fdatasync(int descriptor) { return synced(descriptor, real_fdatasync); }

int ftruncate(int descriptor, off_t length) {
  int kind = kind_of_descriptor(descriptor), action = pass(kind, TRUNCATE);
  if (fails(action)) return -1;
  struct stat status;
  if (kind >= 0 && fstat(descriptor, &status) == 0)
    note_bytes(descriptor, length, status.st_size > length ? (size_t)(status.st_size - length) : 0);
  return (int)written(action, real_ftruncate(descriptor, length));
}

int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

static int renamed(const char *from, const char *to, int action, int result) {
  (void)from, (void)to;
  if (action == KILL_AFTER) die();
  return result;
}

int rename(const char *from, const char *to) {
  int action = pass(kind_of(to), RENAME);
  if (fails(action)) return -1;
  if (kind_of(to) >= 0) note_rename(from, to);
  return renamed(from, to, action, real_rename(from, to));
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
  int action = pass(kind_of(to), RENAME);
  if (fails(action)) return -1;
  if (kind_of(to) >= 0) note_rename(from, to);
  return renamed(from, to, action, real_renameat(from_directory, from, to_directory, to));
}

int unlink(const char *path) {
  int action = pass(kind_of(path), UNLINK);
  if (fails(action)) return -1;
  return (int)written(action, real_unlink(path));
}

int unlinkat(int directory, const char *path, int flags) {
  int action = pass(kind_of(path), UNLINK);
  if (fails(action)) return -1;
  return (int)written(action, real_unlinkat(directory, path, flags));
}

int rmdir(const char *path) {
  int action = pass(kind_of(path), UNLINK);
  if (fails(action)) return -1;
  return (int)written(action, real_rmdir(path));
}

int mkdir(const char *path, mode_t mode) {
  int kind = kind_of(path), action = pass(kind, CREATE);
  if (fails(action)) return -1;
  int result = real_mkdir(path, mode);
  if (kind >= 0 && result == 0) note_birth(path);
  return (int)written(action, result);
}

// Opening counts only where it makes a file.
static int opened(int directory, const char *path, int flags, mode_t mode, int is_at) {
  int kind = flags & O_CREAT ? kind_of(path) : -1, action = COUNT;
  if (kind >= 0 && access(path, F_OK) != 0) action = pass(kind, CREATE);
  else kind = -1;
  if (fails(action)) return -1;
  int result = is_at ? real_openat(directory, path, flags, mode) : real_open(path, flags, mode);
  if (kind >= 0 && result >= 0) note_birth(path);
  return (int)written(action, result);
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list arguments; \
    va_start(arguments, flags); \
    mode = va_arg(arguments, mode_t); \
    va_end(arguments); \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  if (!real_open) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  return opened(AT_FDCWD, path, flags, mode, 0);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  if (!real_open) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  return opened(AT_FDCWD, path, flags, mode, 0);
}

int openat(int directory, const char *path, int flags, ...) {
  MODE(flags)
  if (!real_openat) return (int)syscall(SYS_openat, directory, path, flags, mode);
  return opened(directory, path, flags, mode, 1);
}

int openat64(int directory, const char *path, int flags, ...) {
  MODE(flags)
  if (!real_openat) return (int)syscall(SYS_openat, directory, path, flags, mode);
  return opened(directory, path, flags, mode, 1);
}
