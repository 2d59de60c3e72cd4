// The parts of Leaflet that the maps need, a third of it left out; the bundler takes them in place of the package. No types:
// `import * as L from "leaflet"` has those of the whole, and the bundler refuses what is not here.
import "leaflet/src/control/Control.Attribution.js";
import "leaflet/src/control/Control.Zoom.js";
import { scale } from "leaflet/src/control/Control.Scale.js";
import { CRS } from "leaflet/src/geo/crs/CRS.js";
import { Simple } from "leaflet/src/geo/crs/CRS.Simple.js";
import { canvas } from "leaflet/src/layer/vector/Canvas.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.BoxZoom.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TapHold.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";
import { Map } from "leaflet/src/map/Map.js";

CRS.Simple = Simple;

// As Leaflet's Renderer.getRenderer, without SVG: a path that names no renderer is drawn on a canvas.
Map.include({
  getRenderer(layer) {
    const renderer = layer.options.renderer ?? (this._renderer ??= canvas());
    if (!this.hasLayer(renderer)) this.addLayer(renderer);
    return renderer;
  },
});

export const control = { scale };
export { CRS };
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { toTransformation as transformation } from "leaflet/src/geometry/Transformation.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { marker } from "leaflet/src/layer/marker/Marker.js";
export { imageOverlay } from "leaflet/src/layer/ImageOverlay.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
export { Canvas, canvas } from "leaflet/src/layer/vector/Canvas.js";
export { polygon } from "leaflet/src/layer/vector/Polygon.js";
export { polyline } from "leaflet/src/layer/vector/Polyline.js";
export { createMap as map } from "leaflet/src/map/Map.js";
