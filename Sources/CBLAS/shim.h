// BLAS through its C interface, and the LAPACK routines that have none in Debian's liblapack.
//
// Only the standard interfaces are used, so that any implementation (reference, OpenBLAS, BLIS, MKL) may stand behind them
// at run time.
#ifndef KAGAMI_CBLAS_SHIM_H
#define KAGAMI_CBLAS_SHIM_H

#include <cblas.h>
#include <stddef.h>

// LAPACK's own names follow the Fortran calling convention: everything by address, and the lengths of the texts at the end.

void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w, float *work,
             const int *lwork, int *iwork, const int *liwork, int *info, size_t jobz_length, size_t uplo_length);

void sgesdd_(const char *jobz, const int *m, const int *n, float *a, const int *lda, float *s, float *u, const int *ldu,
             float *vt, const int *ldvt, float *work, const int *lwork, int *iwork, int *info, size_t jobz_length);

/// Eigenvalues and eigenvectors of a symmetric matrix, divide and conquer. Returns LAPACK's info.
static inline int kg_ssyevd(char jobz, char uplo, int n, float *_Nonnull a, int lda, float *_Nonnull w,
                            float *_Nonnull work, int lwork, int *_Nonnull iwork, int liwork) {
  int info = 0;
  ssyevd_(&jobz, &uplo, &n, a, &lda, w, work, &lwork, iwork, &liwork, &info, 1, 1);
  return info;
}

/// Singular value decomposition, divide and conquer. Returns LAPACK's info.
static inline int kg_sgesdd(char jobz, int m, int n, float *_Nonnull a, int lda, float *_Nonnull s, float *_Nonnull u,
                            int ldu, float *_Nonnull vt, int ldvt, float *_Nonnull work, int lwork,
                            int *_Nonnull iwork) {
  int info = 0;
  sgesdd_(&jobz, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, iwork, &info, 1);
  return info;
}

#endif
