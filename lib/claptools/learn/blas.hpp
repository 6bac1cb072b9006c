// Internal to the rooms that link BLAS: what they call of it, by its Fortran names, which every
// build of it has. Matrices are column-major.
#pragma once

extern "C" {
void dgemm_(const char* transpose_a, const char* transpose_b, const int* m, const int* n,
            const int* k, const double* alpha, const double* a, const int* lda, const double* b,
            const int* ldb, const double* beta, double* c, const int* ldc);
/// OpenBLAS alone: set to one thread, so that their number changes no sum.
[[gnu::weak]] void openblas_set_num_threads(int count);
}
