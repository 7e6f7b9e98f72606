/** The daemon that hands tokens out over HTTP. */
@NullMarked
package org.evergrant.broker;

import org.jspecify.annotations.NullMarked;
