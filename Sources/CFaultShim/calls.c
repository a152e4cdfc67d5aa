// The calls that take the places of the system's: each counts, does what the plan says, and calls the real one.
#include "shim.h"

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

int flock(int descriptor, int operation) {
  if (!real_flock) return (int)syscall(SYS_flock, descriptor, operation);
  if (lock_plan == 1) return 0;
  if (lock_plan > 1 && operation & LOCK_EX) usleep((useconds_t)lock_plan);
  return real_flock(descriptor, operation);
}

void _exit(int code) {
  keep_history(0);
  syscall(SYS_exit_group, code);
  for (;;) pause();
}
