/** Keeps server-to-server OAuth access tokens alive for everyone who shares one app. */
@NullMarked
package org.evergrant;

import org.jspecify.annotations.NullMarked;
