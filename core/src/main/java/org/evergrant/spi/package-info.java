/** What a store of records must offer. */
@NullMarked
package org.evergrant.spi;

import org.jspecify.annotations.NullMarked;
