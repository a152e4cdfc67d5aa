// What the files of the fault shim share.
#ifndef KAGAMI_FAULT_SHIM_H
#define KAGAMI_FAULT_SHIM_H

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
#include <sys/file.h>
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

// Only the calls that are replaced are seen from outside.
#pragma GCC visibility push(hidden)

extern _Atomic uint64_t *shared;
// `is_lying`: 1 for syncs of all files, 2 for those of row files.
extern int is_journaling, is_lying;
extern long lock_plan;
extern uint64_t random_state;

// The calls as they were before this library took their places.
extern int (*real_open)(const char *, int, ...);
extern int (*real_openat)(int, const char *, int, ...);
extern ssize_t (*real_write)(int, const void *, size_t);
extern ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
extern ssize_t (*real_writev)(int, const struct iovec *, int);
extern ssize_t (*real_read)(int, void *, size_t);
extern ssize_t (*real_pread)(int, void *, size_t, off_t);
extern int (*real_fsync)(int);
extern int (*real_fdatasync)(int);
extern int (*real_ftruncate)(int, off_t);
extern int (*real_rename)(const char *, const char *);
extern int (*real_renameat)(int, const char *, int, const char *);
extern int (*real_unlink)(const char *);
extern int (*real_unlinkat)(int, const char *, int);
extern int (*real_rmdir)(const char *);
extern int (*real_mkdir)(const char *, mode_t);
extern int (*real_flock)(int, int);

// The kind of what lies at a path, or behind a descriptor; -1 for what is not watched.
int kind_of(const char *path);
int kind_of_descriptor(int descriptor);
// The path behind a descriptor; 0 where it has none.
int path_of(int descriptor, char *path);

// Counts a call, and says what is to become of it.
int pass(int kind, int call);
// Ends this process as a kill does.
void die(void);

// Remember what a call is about to replace, and forget what a sync has made lasting.
void note_bytes(int descriptor, off_t offset, size_t length);
void note_rename(const char *from, const char *to);
void note_birth(const char *path);
void note_synced(int descriptor);
// The power goes: what was not synced is as it was before, and this process is gone.
void cut_power(void);
// Leave what is remembered to the next process, or begin with what the last one left.
// `is_last`: nothing of this process is remembered any more.
void keep_history(int is_last);
void take_history(void);

#pragma GCC visibility pop

#endif
