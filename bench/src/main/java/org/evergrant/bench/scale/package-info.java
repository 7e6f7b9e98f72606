/** Measures what a fleet costs its store and its own memory. */
@NullMarked
package org.evergrant.bench.scale;

import org.jspecify.annotations.NullMarked;
