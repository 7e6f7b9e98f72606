/** Seals the bytes that a store keeps, and looks after the keys. */
@NullMarked
package org.evergrant.seal;

import org.jspecify.annotations.NullMarked;
