// Faults at named points of a program that knows nothing of them: preloaded, it counts the calls that change files below one directory
// by kind of file and kind of call, and does something to the nth of them.
//
// Compiled and preloaded by kagami-torture; no part of the product. What the environment says:
//
//   KAGAMI_FAULT_ROOT     the directory, absolute
//   KAGAMI_FAULT_INSIDE   1: the catalogue is made inside the directory, under a name that the library does not know
//   KAGAMI_FAULT_SHARED   a file of 4,096 bytes for the counts, which outlives the process
//   KAGAMI_FAULT_KIND     number of a kind of file, as in `enum kind`; -1 arms nothing
//   KAGAMI_FAULT_CALL     number of a kind of call, as in `enum call`
//   KAGAMI_FAULT_AT       which of them, from 1
//   KAGAMI_FAULT_TIMES    how many from there on; 0 for all
//   KAGAMI_FAULT_ACTION   number of what happens, as in `enum action`
//   KAGAMI_FAULT_JOURNAL  1 remembers what is not synced, so that a power cut can take it back
//   KAGAMI_FAULT_HISTORY  a file in which a process that is killed at a point leaves that to the next one
//   KAGAMI_FAULT_LIE      1 lets syncs do nothing and say that they did, 2 those of row files alone
//   KAGAMI_FAULT_CUT      1: the power goes as soon as this process begins
//   KAGAMI_FAULT_LOCK     1 lets every lock of a file be had, whoever has it; a larger number is how many microseconds a lock takes
//   KAGAMI_FAULT_SEED     0 takes back all that is not synced, another number about half of it
#include "shim.h"

static const char *root;
static size_t root_length;
static int is_inside;
_Atomic uint64_t *shared;
static int fault_kind = -1, fault_call, fault_action;
static uint64_t fault_at, fault_times = 1;
uint64_t random_state;
int is_journaling, is_lying;
long lock_plan;

int (*real_open)(const char *, int, ...);
int (*real_openat)(int, const char *, int, ...);
ssize_t (*real_write)(int, const void *, size_t);
ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
ssize_t (*real_writev)(int, const struct iovec *, int);
ssize_t (*real_read)(int, void *, size_t);
ssize_t (*real_pread)(int, void *, size_t, off_t);
int (*real_fsync)(int);
int (*real_fdatasync)(int);
int (*real_ftruncate)(int, off_t);
int (*real_rename)(const char *, const char *);
int (*real_renameat)(int, const char *, int, const char *);
int (*real_unlink)(const char *);
int (*real_unlinkat)(int, const char *, int);
int (*real_rmdir)(const char *);
int (*real_mkdir)(const char *, mode_t);
int (*real_flock)(int, int);

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
  real_flock = dlsym(RTLD_NEXT, "flock");
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
  is_lying = (int)number("KAGAMI_FAULT_LIE", 0);
  lock_plan = number("KAGAMI_FAULT_LOCK", 0);
  random_state = (uint64_t)number("KAGAMI_FAULT_SEED", 0);
  is_inside = number("KAGAMI_FAULT_INSIDE", 0) != 0;
  root_length = strlen(directory);
  root = directory;
  shared = map;
  take_history();
  if (number("KAGAMI_FAULT_CUT", 0)) cut_power();
}

// A process that ends by itself leaves what it did not sync with the system too.
__attribute__((destructor)) static void leave(void) { keep_history(0); }

// MARK: Which file

// The kind of what lies at a path; -1 for what is not watched.
int kind_of(const char *path) {
  if (!shared || strncmp(path, root, root_length) != 0) return -1;
  const char *rest = path + root_length;
  if (*rest == 0) return DIRECTORY;
  if (*rest++ != '/') return -1;
  if (is_inside) {
    // The catalogue's own name, or that of a draft beside its place.
    rest = strchr(rest, '/');
    if (!rest) return DIRECTORY;
    rest++;
  }
  // After a compaction the folder has a number.
  if (strncmp(rest, "rows", 4) == 0 && (rest[4] == '/' || rest[4] == '.')) return strchr(rest, '/') ? ROWS : DIRECTORY;
  if (strncmp(rest, "index/", 6) == 0) return SNAPSHOT;
  if (strcmp(rest, "rows") == 0 || strcmp(rest, "index") == 0) return DIRECTORY;
  if (strcmp(rest, "catalogue.sqlite") == 0) return SQLITE;
  if (strcmp(rest, "catalogue.sqlite-wal") == 0) return WAL;
  if (strncmp(rest, "CURRENT", 7) == 0) return CURRENT;
  return OTHER;
}

int path_of(int descriptor, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return path[0] == '/';
}

int kind_of_descriptor(int descriptor) {
  if (!shared || descriptor < 3) return -1;
  char path[PATH_MAX];
  if (!path_of(descriptor, path)) return -1;
  int kind = kind_of(path);
  struct stat status;
  if (kind == SNAPSHOT && fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) return DIRECTORY;
  return kind;
}

// MARK: The point

void die(void) {
  keep_history(1);
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Counts a call, and says what is to become of it.
int pass(int kind, int call) {
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
