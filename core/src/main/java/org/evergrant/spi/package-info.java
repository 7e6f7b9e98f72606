/**
 * What stands behind the tokens: the pure {@link org.evergrant.spi.Rotation} over one {@link
 * org.evergrant.spi.AppRecord}, and the seams for a {@link org.evergrant.spi.Store}, a {@link
 * org.evergrant.spi.Minter} and the time.
 */
@NullMarked
package org.evergrant.spi;

import org.jspecify.annotations.NullMarked;
