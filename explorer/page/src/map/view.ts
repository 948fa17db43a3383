// From where the map is seen: a camera that orbits (3-D) or pans (2-D), by mouse, touch and keys.
// Positions lie in the cube from -0.5 to 0.5.
import { MOUSE, PerspectiveCamera, TOUCH, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { calm } from "../motion";
import type { Camera } from "../state";
import type { Extent } from "./extent";

const FIELD_DEG = 40;
const HALF_FIELD = (FIELD_DEG * Math.PI) / 360;
const ROTATION_SPEED = 0.8; // a turn in 75 s
const KEY_TURN = Math.PI / 24;

export class View {
  readonly camera = new PerspectiveCamera(FIELD_DEG, 1, 0.005, 20);
  private readonly controls: OrbitControls;
  private dimensions: 2 | 3 = 3;
  private extent: Extent = { middle: [0, 0, 0], half: [0.5, 0.5], radius: 0.75 };
  private moved = false; // by the person, since the map was fitted into view
  private told = ""; // the camera that was told last
  private letGo = false; // by the person, while the map may still glide

  constructor(
    element: HTMLElement,
    onChange: () => void,
    private readonly onMoved: (camera: Camera | null) => void,
  ) {
    this.controls = new OrbitControls(this.camera, element);
    Object.assign(this.controls, { enableDamping: !calm(), dampingFactor: 0.15, zoomToCursor: true, screenSpacePanning: true });
    Object.assign(this.controls, { minDistance: 0.03, maxDistance: 6, autoRotateSpeed: ROTATION_SPEED });
    this.controls.addEventListener("change", onChange);
    this.controls.addEventListener("end", () => {
      this.letGo = true;
      onChange();
    });
  }

  /** Tell the camera when the person has truly moved it. */
  private tell(): void {
    this.letGo = false;
    const camera = this.state();
    if (String([camera.eye, camera.target]) === this.told) return;
    this.moved = true;
    this.remember();
    this.onMoved(camera);
  }

  private remember(): void {
    const { eye, target } = this.state();
    this.told = String([eye, target]);
  }

  private state(): Camera {
    return { eye: this.camera.position.toArray(), target: this.controls.target.toArray() };
  }

  /** Let motion that goes on go on; whether another frame is needed. */
  update(): boolean {
    const moves = this.controls.update() || this.controls.autoRotate;
    if (!moves && this.letGo) this.tell();
    return moves;
  }

  get targetDistance(): number {
    return this.camera.position.distanceTo(this.controls.target);
  }

  /** The distance from which the whole map is in view. */
  get fitDistance(): number {
    const { half, radius } = this.extent;
    if (this.dimensions === 2) return Math.max(half[1], half[0] / this.camera.aspect) / Math.tan(HALF_FIELD);
    return radius / Math.sin(HALF_FIELD) / Math.min(1, this.camera.aspect);
  }

  /** How far the map reaches from its middle. */
  get reach(): number {
    return this.extent.radius;
  }

  setMap(dimensions: 2 | 3, extent: Extent): void {
    this.dimensions = dimensions;
    this.extent = extent;
    const flat = dimensions === 2;
    this.controls.enableRotate = !flat;
    this.controls.mouseButtons = { LEFT: flat ? MOUSE.PAN : MOUSE.ROTATE, MIDDLE: MOUSE.DOLLY, RIGHT: MOUSE.PAN };
    this.controls.touches = { ONE: flat ? TOUCH.PAN : TOUCH.ROTATE, TWO: TOUCH.DOLLY_PAN };
  }

  set rotating(on: boolean) {
    this.letGo ||= this.controls.autoRotate && !on;
    this.controls.autoRotate = on && this.dimensions === 3;
  }

  set enabled(on: boolean) {
    this.controls.enabled = on;
  }

  resize(width: number, height: number): void {
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    if (!this.moved) this.fit();
  }

  /** The whole map in view, seen from the front. */
  fit(): void {
    const from = this.dimensions === 2 ? new Vector3(0, 0, 1) : new Vector3(0.55, 0.35, 1).normalize();
    this.controls.target.set(...this.extent.middle);
    this.camera.position.copy(this.controls.target).addScaledVector(from, this.fitDistance);
    this.moved = false;
    this.controls.update();
    this.remember();
  }

  set(camera: Camera | null): void {
    if (camera === null) return this.fit();
    this.camera.position.fromArray(camera.eye);
    this.controls.target.fromArray(camera.target);
    this.moved = true;
    this.controls.update();
    this.remember();
  }

  zoom(factor: number): void {
    const arm = this.camera.position.clone().sub(this.controls.target);
    const distance = Math.min(6, Math.max(0.03, arm.length() * factor));
    this.camera.position.copy(this.controls.target).addScaledVector(arm.normalize(), distance);
    this.finishStep();
  }

  /** A step sideways and upwards: turns a 3-D map, moves a 2-D one. */
  step(right: number, up: number): void {
    const arm = this.camera.position.clone().sub(this.controls.target);
    if (this.dimensions === 2) {
      this.shift(new Vector3(right, up, 0).multiplyScalar(0.1 * arm.length()));
    } else {
      arm.applyAxisAngle(new Vector3(0, 1, 0), right * KEY_TURN);
      const side = new Vector3(0, 1, 0).cross(arm).normalize();
      const lifted = arm.clone().applyAxisAngle(side, -up * KEY_TURN);
      const steep = Math.abs(lifted.y / lifted.length()) > 0.98;
      this.camera.position.copy(this.controls.target).add(steep ? arm : lifted);
    }
    this.finishStep();
  }

  /** Look at another place from the same side and distance. */
  lookAt(x: number, y: number, z: number): void {
    this.shift(new Vector3(x, y, z).sub(this.controls.target));
    this.finishStep();
  }

  private shift(by: Vector3): void {
    this.camera.position.add(by);
    this.controls.target.add(by);
  }

  private finishStep(): void {
    this.controls.update();
    this.tell();
  }
}
