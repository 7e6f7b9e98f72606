/** Tests that the benchmarks still run. */
@NullMarked
package org.evergrant.bench;

import org.jspecify.annotations.NullMarked;
