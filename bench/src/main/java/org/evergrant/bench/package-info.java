/** Measures Evergrant beside its peers. */
@NullMarked
package org.evergrant.bench;

import org.jspecify.annotations.NullMarked;
